import { type EtcdConnector, EtcdError, type EtcdLink } from "../../etcd/mod.ts";
import { backoffMs, type Clock, jittered, pause } from "../../util/mod.ts";

/**
 * Delays between connections. The cap decides how long after its return etcd is noticed;
 * at 2.5 s that is well inside a lease, for about one TCP connection a second.
 */
const RECONNECT = { baseMs: 250, capMs: 2500 };
/** Delays after etcd refuses the credentials. */
const DENIED = { baseMs: 1000, capMs: 30_000 };
/** A connection that lived so long ends a series of failures. */
const HEALTHY_MS = 60_000;

const DENIALS: ReadonlySet<string> = new Set([
  "unauthenticated",
  "authentication-failed",
  "permission-denied",
]);

type ConnectionLoopState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting" }
  | { readonly kind: "connected"; readonly link: EtcdLink }
  /** Closing; the last link serves to revoke the lease. */
  | { readonly kind: "closing"; readonly link: EtcdLink | undefined };

/** Parts that a {@link ConnectionLoop} needs. */
export interface ConnectionLoopOptions {
  /** Source of connections. */
  readonly connector: EtcdConnector;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /** Works over a connection until the signal is aborted, or drops it and throws its error. */
  readonly serve: (link: EtcdLink, signal: AbortSignal) => Promise<void>;
  /** Receives each failure. */
  readonly onFailure: (failure: ConnectionFailure) => void;
}

/** Failure of an attempt to connect, or of a connection. */
export interface ConnectionFailure {
  readonly error: unknown;
  /** What has failed, for logs. */
  readonly what: string;
  /** Whether etcd refused the credentials more than once. */
  readonly isDenied: boolean;
}

/** Failures in a row. */
interface Failures {
  readonly all: number;
  readonly denials: number;
}

/** Connects to etcd again and again, one connection at a time, until closed. */
export class ConnectionLoop {
  readonly #options: ConnectionLoopOptions;
  readonly #abort = new AbortController();
  #state: ConnectionLoopState = { kind: "idle" };
  #hasConnected = false;
  #ended: Promise<void> = Promise.resolve();

  /** Creates a loop; {@link start} starts it. */
  constructor(options: ConnectionLoopOptions) {
    this.#options = options;
  }

  /** Open connection, also while closing. */
  get link(): EtcdLink | undefined {
    const link = findLink(this.#state);
    return link?.isClosed ? undefined : link;
  }

  /** Starts connecting. */
  start(): void {
    if (this.#state.kind !== "idle") return;
    this.#setState({ kind: "connecting" });
    this.#ended = this.#run();
  }

  /** Stops working over the connection, which stays open for the last calls. */
  stop(): void {
    this.#setState({ kind: "closing", link: this.link });
    this.#abort.abort();
  }

  /** Resolves once all work has ended, after {@link stop} and the close of the connector. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#abort;
    let failures: Failures = { all: 0, denials: 0 };
    while (!signal.aborted) {
      const startedMs = clock.now();
      try {
        await this.#connectOnce(signal);
      } catch (error) {
        if (signal.aborted) return;
        const isAfterHealth = clock.now() - startedMs > HEALTHY_MS;
        failures = countFailure(failures, error, isAfterHealth);
        const isDenied = failures.denials > 1;
        const what = nameFailure(error, this.#hasConnected);
        this.#options.onFailure({ error, what, isDenied });
        await pause(this.#findDelayMs(failures, isDenied), signal, clock);
      }
    }
  }

  async #connectOnce(signal: AbortSignal): Promise<void> {
    const { connector, serve } = this.#options;
    const link = await connector.connect({ signal });
    this.#hasConnected = true;
    this.#setState({ kind: "connected", link });
    try {
      await serve(link, signal);
    } finally {
      this.#setState({ kind: "connecting" });
    }
  }

  /** The first denial may be an expired token, which a new connection replaces. */
  #findDelayMs({ all, denials }: Failures, isDenied: boolean): number {
    const random = () => this.#options.clock.random();
    if (!isDenied) return backoffMs(all, RECONNECT, random);
    return jittered(backoffMs(denials - 1, DENIED, () => 1), 0.2, random);
  }

  #setState(state: ConnectionLoopState): void {
    if (this.#state.kind !== "closing") this.#state = state;
  }
}

function findLink(state: ConnectionLoopState): EtcdLink | undefined {
  switch (state.kind) {
    case "connected":
    case "closing":
      return state.link;
    case "idle":
    case "connecting":
      return undefined;
  }
}

function countFailure(before: Failures, error: unknown, isAfterHealth: boolean): Failures {
  return {
    all: isAfterHealth ? 1 : before.all + 1,
    denials: isDenial(error) ? before.denials + 1 : 0,
  };
}

/** Names a failure: only a connection that was made can be lost. */
function nameFailure(error: unknown, hasConnected: boolean): string {
  if (isDenial(error)) return "etcd denies access";
  return hasConnected ? "Lost etcd" : "Not connected to etcd yet";
}

function isDenial(error: unknown): boolean {
  return error instanceof EtcdError && DENIALS.has(error.code);
}

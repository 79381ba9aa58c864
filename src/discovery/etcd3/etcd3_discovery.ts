import { EtcdClient, EtcdError, type EtcdLink, type KeepAliveStream } from "../../etcd/mod.ts";
import type { DiscoveryProvider, EndpointEventListener } from "../mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import {
  backoffMs,
  jittered,
  messageOf,
  pause,
  type Subscription,
  SYSTEM_CLOCK,
  waitFor,
} from "../../util/mod.ts";
import { EndpointEvents } from "../endpoint_events.ts";
import { type Etcd3Health, HealthMonitor } from "./health_monitor.ts";
import { Mirror } from "./mirror.ts";
import {
  type Etcd3DiscoveryOptions,
  type ResolvedDiscoveryOptions,
  resolveDiscoveryOptions,
} from "./options.ts";
import { Session } from "./session.ts";
import { EndpointView, type StoredEndpoint } from "../endpoint_view.ts";
import { decodeEndpoint } from "./endpoint_json.ts";

/**
 * Delays between connections. The cap decides how long after its return etcd is
 * noticed; at 2.5 s that is well inside a lease, for about one TCP connection a second.
 */
const RECONNECT = { baseMs: 250, capMs: 2500 };
/** Delays after etcd refuses the credentials. */
const DENIED = { baseMs: 1000, capMs: 30_000 };
/** A connection that lived so long ends a series of failures. */
const HEALTHY_MS = 60_000;
/** Parts of {@link Etcd3Discovery.close}: connecting once more, and revoking. */
const CLOSE_CONNECT_MS = 800;
const CLOSE_REVOKE_MS = 2000;

const DENIALS: ReadonlySet<string> = new Set([
  "unauthenticated",
  "authentication-failed",
  "permission-denied",
]);

/**
 * Endpoint discovery through etcd v3, wire-compatible with iPOPO and Eclipse ECF: it
 * advertises our endpoints under a lease and mirrors everybody else's.
 *
 * Whatever happens to etcd or the network, it goes on: what is advertised comes back
 * by itself, and what is known is made right again, with only the difference told.
 */
export class Etcd3Discovery implements DiscoveryProvider {
  /** Name of the provider. */
  readonly name = "etcd3";
  readonly #options: ResolvedDiscoveryOptions;
  readonly #client: EtcdClient;
  readonly #health: HealthMonitor;
  readonly #view: EndpointView<string>;
  readonly #events: EndpointEvents;
  readonly #session: Session;
  readonly #mirror: Mirror;
  readonly #closing = new AbortController();
  #link: EtcdLink | undefined;
  #started: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #hasConnected = false;

  /**
   * Checks the options; nothing is dialled yet.
   *
   * @throws {TypeError | RangeError} saying what can't be used and what can.
   */
  constructor(options: Etcd3DiscoveryOptions = {}) {
    this.#options = resolveDiscoveryOptions(options);
    this.#client = new EtcdClient(options);
    this.#health = new HealthMonitor(this.#options.logger);
    this.#view = new EndpointView({
      clock: SYSTEM_CLOCK,
      decode: (stored) => this.#decode(stored),
      onChange: (id) => this.#events.notify(id),
    });
    this.#events = new EndpointEvents({
      source: this,
      endpoints: this.#view.endpoints,
      logger: this.#options.logger,
      onDelivered: () => this.#health.count("eventsDelivered"),
    });
    this.#session = new Session(this.#options, this.#health);
    this.#mirror = new Mirror(this.#options, this.#view, this.#session, this.#health);
  }

  /** Id of this process among the others. */
  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** The endpoints of others that are known now. */
  get endpoints(): readonly EndpointDescription[] {
    return [...this.#view.endpoints.values()];
  }

  /** How it stands with etcd. */
  get health(): Etcd3Health {
    return this.#health.snapshot;
  }

  /** Every change of the health, the present one first; ends with `closed`. */
  healthChanges(signal?: AbortSignal): AsyncGenerator<Etcd3Health, void, undefined> {
    return this.#health.changes(signal);
  }

  /**
   * Connects, and returns when what is in etcd is known. From then on it stays
   * connected until it is closed.
   *
   * @throws {EtcdError} when no member answers within `callTimeoutMs`, or the
   * credentials are refused, unless `startOffline` is set.
   */
  async start(signal?: AbortSignal): Promise<void> {
    this.#closing.signal.throwIfAborted();
    try {
      await waitFor(this.#started ??= this.#begin(), { signal });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Advertises an endpoint and keeps it advertised. Resolves when etcd has it; while
   * etcd is away it is pursued.
   *
   * @throws {EtcdError} `too-large` for a description over 1 MiB, `closed` when the
   * discovery is closed before etcd had it.
   */
  advertise(endpoint: EndpointDescription): Promise<void> {
    return this.#session.advertise(endpoint);
  }

  /** Replaces the description of an endpoint; as {@link advertise}. */
  update(endpoint: EndpointDescription): Promise<void> {
    return this.#session.update(endpoint);
  }

  /** Withdraws an endpoint. Resolves when etcd no longer has it. */
  unadvertise(endpointId: string): Promise<void> {
    return this.#session.unadvertise(endpointId);
  }

  /** Withdraws every endpoint. Resolves once etcd has none of them. */
  async unadvertiseAll(): Promise<void> {
    await this.#session.unadvertiseAll();
  }

  /** Waits until etcd agrees with the last call for an endpoint. */
  advertised(endpointId: string): Promise<void> {
    return this.#session.advertised(endpointId);
  }

  /**
   * Adds a listener, tells it of every endpoint that is known and in its scope, and gives
   * the function that removes it. A slow listener is told the net change of each endpoint.
   *
   * @throws {FilterSyntaxError} when its scope is no filter.
   */
  addListener(listener: EndpointEventListener): Subscription {
    return this.#events.add(listener);
  }

  /**
   * Withdraws everything by revoking the lease, and disconnects. Takes at most 3 s; when
   * etcd is out of reach the keys go when the lease runs out. May be repeated.
   */
  close(): Promise<void> {
    return this.#closed ??= this.#shutDown();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(): Promise<void> {
    this.#closing.signal.throwIfAborted();
    if (!this.#options.startOffline) {
      try {
        await this.#client.connect({ signal: this.#closing.signal });
      } catch (error) {
        await this.close();
        throw error;
      }
    }
    this.#loop = this.#run();
    if (!this.#options.startOffline) await this.#firstSync();
  }

  /** Waits until something is known, whether good or bad, but not longer than a call may take. */
  async #firstSync(): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#client.options.callTimeoutMs);
    try {
      for await (const { state } of this.healthChanges(late.signal)) {
        if (state === "closed") throw this.#closing.signal.reason;
        if (this.#health.isSettled) return;
      }
      const cause = this.health.lastError;
      const endpoints = this.#client.options.endpoints.join(", ");
      await this.close();
      throw new EtcdError("timeout", `etcd at ${endpoints} answers, but can't be listed`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #shutDown(): Promise<void> {
    this.#closing.abort(new EtcdError("closed", "The discovery is closed"));
    this.#events.close();
    const link = this.#link ?? await this.#lastLink();
    await this.#session.close(link, CLOSE_REVOKE_MS);
    await this.#client.close();
    await this.#loop;
    this.#view.hold();
    this.#health.set({ isClosed: true, endpoint: undefined, leaseId: undefined });
  }

  /** Between two connections, tries once more, so that no key is left behind. */
  async #lastLink(): Promise<EtcdLink | undefined> {
    if (!this.#session.holdsLease) return undefined;
    try {
      return await this.#client.connect({ timeoutMs: CLOSE_CONNECT_MS });
    } catch {
      return undefined; // the lease runs out by itself
    }
  }

  /** One connection after the other, until closed. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    let denials = 0;
    while (!signal.aborted) {
      const startedMs = performance.now();
      try {
        await this.#serve(await this.#client.connect({ signal }));
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - startedMs > HEALTHY_MS) failures = 0;
        failures++;
        denials = isDenial(error) ? denials + 1 : 0;
        this.#health.incident("Lost etcd", error);
        await pause(this.#delayMs(failures, denials, error), signal);
      }
    }
  }

  /** A token may just have expired, and a new connection gets a new one; after that, slowly. */
  #delayMs(failures: number, denials: number, error: unknown): number {
    if (denials <= 1 || !(error instanceof Error)) return backoffMs(failures, RECONNECT);
    this.#health.set({ linkDenied: error });
    return jittered(backoffMs(denials - 1, DENIED, () => 1), 0.2);
  }

  /** Does everything over one connection until that fails. */
  async #serve(link: EtcdLink): Promise<void> {
    this.#link = link;
    this.#onConnect(link);
    const era = new AbortController();
    const stop = () => era.abort();
    this.#closing.signal.addEventListener("abort", stop);
    let loops: Promise<void>[] = [];
    try {
      // Both streams come first and stay open: without an open stream, a GOAWAY of the
      // server can end the whole Deno process (denoland/deno#36788).
      const keepAlive = await link.lease.keepAlive();
      const watch = await link.watch.open();
      if (await this.#resume(keepAlive, era.signal)) this.#mirror.invalidate();
      loops = [
        ...this.#session.run(link, keepAlive, era.signal),
        this.#mirror.run(link, watch, era.signal),
      ];
      await Promise.race(loops);
    } finally {
      stop();
      this.#closing.signal.removeEventListener("abort", stop);
      this.#health.disconnected();
      // On closing, the connection is still needed to revoke the lease.
      if (!this.#closing.signal.aborted) {
        this.#link = undefined;
        await this.#client.drop(link);
      }
      await Promise.allSettled(loops);
    }
  }

  /** Whether the lease was lost; if so, not all clients come back in the same moment. */
  async #resume(keepAlive: KeepAliveStream, signal: AbortSignal): Promise<boolean> {
    const isLost = await this.#session.resume(keepAlive);
    if (isLost) {
      await pause(Math.random() * Math.min(1000, this.#options.leaseTtlSeconds * 50), signal);
    }
    return isLost;
  }

  #decode({ key, endpointId, content }: StoredEndpoint<string>): EndpointDescription | undefined {
    try {
      const endpoint = decodeEndpoint(content);
      if (endpoint.id === endpointId) return endpoint;
      throw new TypeError(`its endpoint.id is ${endpoint.id}`);
    } catch (error) {
      this.#options.logger.warn(`Ignored the key ${key}: ${messageOf(error)}`);
      return undefined;
    }
  }

  #onConnect(link: EtcdLink): void {
    this.#health.set({ endpoint: link.endpoint, linkDenied: undefined });
    if (this.#hasConnected) {
      this.#health.count("reconnects");
      return;
    }
    this.#hasConnected = true;
    this.#options.logger.info(`Connected to etcd at ${link.endpoint}, session ${this.sessionId}`);
    try {
      this.#options.onConnected();
    } catch (error) {
      this.#health.incident("onConnected failed", error);
    }
  }
}

function isDenial(error: unknown): boolean {
  return error instanceof EtcdError && DENIALS.has(error.code);
}

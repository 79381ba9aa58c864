import { SYSTEM_CLOCK, waitFor } from "../util/mod.ts";
import type { Caller, CallOptions } from "./caller.ts";
import { EtcdError } from "./errors.ts";
import { type Kv, RpcKv } from "./kv.ts";
import { type Leases, RpcLeases } from "./lease.ts";
import { type EtcdConnector, type EtcdLink, Link } from "./link.ts";
import { type Maintenance, RpcMaintenance } from "./maintenance.ts";
import { type EtcdOptions, type ResolvedEtcdOptions, resolveEtcdOptions } from "./options.ts";
import { RpcWatches, type Watches } from "./watch.ts";

type ClientState =
  | { readonly kind: "idle" }
  | { readonly kind: "dialling"; readonly link: Promise<Link> }
  | { readonly kind: "connected"; readonly link: Link }
  | { readonly kind: "closed"; readonly done: Promise<void> };

/**
 * Client of one etcd cluster. It connects when a call needs it, keeps one connection for all
 * calls, and moves on to the next endpoint when a member fails.
 *
 * A unary call connects again after a failure. It is not repeated by itself, because a write
 * whose reply is lost may have been applied. Streams end with their connection.
 *
 * @priority 100
 * @example
 * ```ts
 * import { EtcdClient } from "@remote-services/etcd3/etcd";
 *
 * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
 * await etcd.kv.put("greeting", "hello");
 * const { kvs } = await etcd.kv.range("greeting");
 * console.log(new TextDecoder().decode(kvs[0]?.value)); // hello
 * ```
 */
export class EtcdClient implements EtcdConnector, AsyncDisposable {
  /** Keys and values, over the open connection. */
  readonly kv: Kv;
  /** Leases, over the open connection. */
  readonly lease: Leases;
  /** Watches, over the open connection. */
  readonly watch: Watches;
  /** Status and members, over the open connection. */
  readonly maintenance: Maintenance;
  /** Not a public field, which would be printed with the client: it has the password. */
  readonly #options: ResolvedEtcdOptions;
  readonly #abort = new AbortController();
  #state: ClientState = { kind: "idle" };
  /** Index of the endpoint to try first. */
  #turn: number;
  /** Calls in a row without a reply in time. */
  #timeouts = 0;

  /**
   * Creates a client. Nothing is connected yet.
   *
   * @throws {TypeError | RangeError} if an option is invalid
   */
  constructor(options: EtcdOptions = {}) {
    this.#options = resolveEtcdOptions(options);
    this.#turn = Math.floor(SYSTEM_CLOCK.random() * this.#options.endpoints.length);
    const caller: Caller = {
      unary: (rpc, request, call) =>
        this.#withLink(call, (link, rest) => link.unary(rpc, request, rest)),
      duplex: (rpc, call) => this.#withLink(call, (link, rest) => link.duplex(rpc, rest)),
    };
    this.kv = new RpcKv(caller);
    this.lease = new RpcLeases(caller);
    this.watch = new RpcWatches(caller, this.#options.callTimeoutMs);
    this.maintenance = new RpcMaintenance(caller);
  }

  /** Options in force, with the password. */
  get options(): ResolvedEtcdOptions {
    return this.#options;
  }

  /** Connected member, as `host:port`. */
  get endpoint(): string | undefined {
    return this.#state.kind === "connected" ? this.#state.link.endpoint : undefined;
  }

  /** Address of this host on the connection; `undefined` without a connection. */
  get localAddress(): string | undefined {
    return this.#state.kind === "connected" ? this.#state.link.localAddress : undefined;
  }

  /**
   * Returns the open connection. Without one, tries each endpoint once.
   *
   * @throws {EtcdError} `unavailable` with the address of every endpoint that was tried,
   * `timeout` after `timeoutMs`, or the refusal of the credentials
   */
  connect(options: CallOptions = {}): Promise<EtcdLink> {
    return this.#connect(options);
  }

  /** Closes a connection; the next call connects, beginning with the next endpoint. */
  async drop(link: EtcdLink): Promise<void> {
    if (this.#state.kind === "connected" && this.#state.link === link) this.#moveOn();
    await link.close();
  }

  /** Cancels every call, closes the connection and refuses new calls. May be called more than once. */
  async close(): Promise<void> {
    if (this.#state.kind !== "closed") {
      const before = this.#state;
      this.#abort.abort(new EtcdError("closed", "The etcd client is closed"));
      this.#state = { kind: "closed", done: closeLink(before) };
    }
    await this.#state.done;
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #connect(options: CallOptions): Promise<Link> {
    const { signal, timeoutMs = this.#options.callTimeoutMs } = options;
    signal?.throwIfAborted();
    if (this.#state.kind === "connected" && this.#state.link.isClosed) this.#moveOn();
    switch (this.#state.kind) {
      case "closed":
        throw this.#abort.signal.reason;
      case "connected":
        return this.#state.link;
      case "idle":
        this.#state = { kind: "dialling", link: this.#dial() };
    }
    const createTimeoutError = () =>
      new EtcdError(
        "timeout",
        `Cannot connect to etcd at ${this.#options.endpoints.join(", ")}: ` +
          `no answer within ${timeoutMs} ms`,
      );
    const limits = { timeoutMs, signal, createTimeoutError };
    return await waitFor(this.#state.link, limits);
  }

  #moveOn(): void {
    this.#state = { kind: "idle" };
    this.#turn++;
  }

  async #dial(): Promise<Link> {
    try {
      const link = await this.#openFirst();
      if (this.#state.kind === "dialling") this.#state = { kind: "connected", link };
      else await link.close();
      this.#abort.signal.throwIfAborted();
      return link;
    } catch (error) {
      if (this.#state.kind === "dialling") this.#state = { kind: "idle" };
      throw error;
    }
  }

  /** Tries every endpoint once, beginning with the one whose turn it is. */
  async #openFirst(): Promise<Link> {
    const { endpoints } = this.#options;
    const options = { ...this.#options, dialTimeoutMs: this.#dialTimeoutMs };
    const context = { options, signal: this.#abort.signal };
    const failures: EtcdError[] = [];
    for (let tried = 0; tried < endpoints.length; tried++) {
      const endpoint = endpoints[this.#turn % endpoints.length] ?? "";
      try {
        return await Link.open(endpoint, context);
      } catch (error) {
        this.#abort.signal.throwIfAborted();
        if (!(error instanceof EtcdError) || error.code === "authentication-failed") throw error;
        failures.push(error);
        this.#turn++;
      }
    }
    throw joinFailures(failures);
  }

  /** A mute member must not use up the time in which the others could be tried. */
  get #dialTimeoutMs(): number {
    const { dialTimeoutMs, callTimeoutMs, endpoints } = this.#options;
    return Math.min(dialTimeoutMs, 0.9 * callTimeoutMs / endpoints.length);
  }

  async #withLink<Result>(
    options: CallOptions,
    run: (link: Link, rest: CallOptions) => Promise<Result>,
  ): Promise<Result> {
    const startedMs = SYSTEM_CLOCK.now();
    const timeoutMs = options.timeoutMs ?? this.#options.callTimeoutMs;
    const link = await this.#connect({ ...options, timeoutMs });
    const leftMs = Math.max(1, timeoutMs - (SYSTEM_CLOCK.now() - startedMs));
    try {
      const result = await run(link, { ...options, timeoutMs: leftMs });
      this.#timeouts = 0;
      return result;
    } catch (error) {
      if (this.#isMemberFailing(error)) await this.drop(link);
      throw error;
    }
  }

  /** Whether to try another member; a single time-out may be due to the caller's short limit. */
  #isMemberFailing(error: unknown): boolean {
    if (!(error instanceof EtcdError)) return false;
    if (error.code === "timeout") return ++this.#timeouts >= 2;
    return ["unavailable", "no-leader", "learner"].includes(error.code);
  }
}

/** Closes the link of a state, also one that is still being opened. */
async function closeLink(state: Exclude<ClientState, { kind: "closed" }>): Promise<void> {
  if (state.kind === "idle") return;
  try {
    const link = await state.link;
    await link.close();
  } catch {
    // No link was opened; the callers that wait for one have the error.
  }
}

function joinFailures(failures: readonly EtcdError[]): EtcdError {
  const [first] = failures;
  if (failures.length === 1 && first !== undefined) return first;
  return new EtcdError("unavailable", failures.map((failure) => failure.message).join("; "), {
    cause: new AggregateError(failures),
  });
}

import { withDeadline } from "../util/mod.ts";
import type { Caller, CallOptions } from "./caller.ts";
import { EtcdError } from "./errors.ts";
import { Kv } from "./kv.ts";
import { Leases } from "./lease.ts";
import { type EtcdLink, Link } from "./link.ts";
import { Maintenance } from "./maintenance.ts";
import { type EtcdOptions, type ResolvedEtcdOptions, resolveEtcdOptions } from "./options.ts";
import { Watches } from "./watch.ts";

/**
 * A client of one etcd cluster. It dials when a call needs it, keeps one connection
 * for everything, and moves on to the next endpoint when a member fails.
 *
 * Unary calls dial again after a failure; they are not repeated by themselves,
 * because a write whose answer is lost may have been applied. Streams end with
 * their connection.
 *
 * @example
 * ```ts
 * import { EtcdClient } from "@remote-services/etcd3/etcd";
 *
 * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
 * await etcd.kv.put("greeting", "hello");
 * const { kvs } = await etcd.kv.range("greeting");
 * ```
 */
export class EtcdClient implements AsyncDisposable {
  /** Keys and values, on whichever connection is live. */
  readonly kv: Kv;
  /** Leases, on whichever connection is live. */
  readonly lease: Leases;
  /** Watches, on whichever connection is live. */
  readonly watch: Watches;
  /** Status and members, on whichever connection is live. */
  readonly maintenance: Maintenance;
  /** The options in force. */
  readonly options: ResolvedEtcdOptions;
  readonly #closing = new AbortController();
  #next: number;
  #link: Link | undefined;
  #dialing: Promise<Link> | undefined;
  #opening: Link | undefined;
  #timeouts = 0;

  /**
   * Checks the options; nothing is dialled yet.
   *
   * @throws {TypeError | RangeError} on options that can't be used.
   */
  constructor(options: EtcdOptions = {}) {
    this.options = resolveEtcdOptions(options);
    this.#next = Math.floor(Math.random() * this.options.endpoints.length);
    const caller: Caller = {
      unary: (method, request, call) =>
        this.#withLink(call, (link, rest) => link.unary(method, request, rest)),
      duplex: (method, call) => this.#withLink(call, (link, rest) => link.duplex(method, rest)),
    };
    this.kv = new Kv(caller);
    this.lease = new Leases(caller);
    this.watch = new Watches(caller);
    this.maintenance = new Maintenance(caller);
  }

  /** The member that is connected now, as `host:port`. */
  get endpoint(): string | undefined {
    return this.#link?.endpoint;
  }

  /**
   * Gives the live connection, dialling each endpoint once when there is none.
   *
   * @throws {EtcdError} `unavailable` naming every endpoint that was tried,
   * `timeout` after `timeoutMs`, or the refusal of the credentials.
   */
  connect(options: CallOptions = {}): Promise<EtcdLink> {
    return this.#connect(options);
  }

  /** Gives up a connection; the next call dials, beginning with the next endpoint. */
  async drop(link: EtcdLink): Promise<void> {
    if (this.#link === link) {
      this.#link = undefined;
      this.#next++;
    }
    await link.close();
  }

  /** Cancels every call, closes the connection and refuses new calls. May be repeated. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(new EtcdError("closed", "The etcd client is closed"));
    }
    await Promise.all([this.#link?.close(), this.#opening?.close()]);
    await this.#dialing?.catch(() => {}); // its caller has the error
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #connect(options: CallOptions): Promise<Link> {
    const { signal, timeoutMs = this.options.callTimeoutMs } = options;
    signal?.throwIfAborted();
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    if (this.#link !== undefined) {
      if (!this.#link.isClosed) return this.#link;
      this.#link = undefined;
      this.#next++;
    }
    this.#dialing ??= this.#dial().finally(() => this.#dialing = undefined);
    return await withDeadline(this.#dialing, timeoutMs, signal, () =>
      new EtcdError(
        "timeout",
        `Cannot connect to etcd at ${this.options.endpoints.join(", ")}: ` +
          `no answer within ${timeoutMs} ms`,
      ));
  }

  /** A mute member must not use up the time in which the others could be tried. */
  get #dialTimeoutMs(): number {
    const { dialTimeoutMs, callTimeoutMs, endpoints } = this.options;
    return Math.min(dialTimeoutMs, 0.9 * callTimeoutMs / endpoints.length);
  }

  /** Tries every endpoint once, beginning with the one whose turn it is. */
  async #dial(): Promise<Link> {
    const { endpoints } = this.options;
    const failures: EtcdError[] = [];
    for (let tried = 0; tried < endpoints.length; tried++) {
      const endpoint = endpoints[this.#next % endpoints.length] ?? "";
      const link = new Link(endpoint, { ...this.options, dialTimeoutMs: this.#dialTimeoutMs });
      this.#opening = link;
      try {
        await link.open();
        this.#closing.signal.throwIfAborted();
        return this.#link = link;
      } catch (error) {
        await link.close();
        this.#closing.signal.throwIfAborted();
        if (!(error instanceof EtcdError) || error.code === "authentication-failed") throw error;
        failures.push(error);
        this.#next++;
      } finally {
        this.#opening = undefined;
      }
    }
    const [first] = failures;
    if (failures.length === 1 && first !== undefined) throw first;
    throw new EtcdError("unavailable", failures.map((failure) => failure.message).join("; "), {
      cause: new AggregateError(failures),
    });
  }

  async #withLink<Result>(
    options: CallOptions,
    run: (link: Link, rest: CallOptions) => Promise<Result>,
  ): Promise<Result> {
    const startedMs = performance.now();
    const timeoutMs = options.timeoutMs ?? this.options.callTimeoutMs;
    const link = await this.#connect({ ...options, timeoutMs });
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
    try {
      const result = await run(link, { ...options, timeoutMs: leftMs });
      this.#timeouts = 0;
      return result;
    } catch (error) {
      if (this.#speaksAgainst(error)) await this.drop(link);
      throw error;
    }
  }

  /** Whether another member should be tried; one call that is late can be the caller's haste. */
  #speaksAgainst(error: unknown): boolean {
    if (!(error instanceof EtcdError)) return false;
    if (error.code === "timeout") return ++this.#timeouts >= 2;
    return ["unavailable", "no-leader", "learner"].includes(error.code);
  }
}

import type { Caller, CallOptions } from "./caller.ts";
import { withDeadline } from "../util/mod.ts";
import {
  type Duplex,
  GrpcChannel,
  type Method,
  METHODS,
  type UnaryContext,
} from "./transport/mod.ts";
import { EtcdError } from "./errors.ts";
import { Kv } from "./kv.ts";
import { Leases } from "./lease.ts";
import { Maintenance } from "./maintenance.ts";
import type { ResolvedEtcdOptions } from "./options.ts";
import { Watches } from "./watch.ts";

/** Least time between two Authenticate calls, which cost the server a bcrypt each. */
const REAUTHENTICATE_MS = 1000;

/** A token older than this is renewed before it opens a stream. */
const FRESH_TOKEN_MS = 30_000;

/**
 * One connection to one member, with the services bound to it. It does not
 * reconnect: once closed it stays so, and {@link EtcdClient.connect} gives another.
 */
export interface EtcdLink {
  /** The member, as `host:port`. */
  readonly endpoint: string;
  /** Whether {@link EtcdLink.close} was called. */
  readonly isClosed: boolean;
  /** Keys and values. */
  readonly kv: Kv;
  /** Leases. */
  readonly lease: Leases;
  /** Watches. */
  readonly watch: Watches;
  /** Status and members. */
  readonly maintenance: Maintenance;
  /** Cancels every call and stream and closes the connection. May be repeated. */
  close(): Promise<void>;
}

/** The link as the client makes it. Inert until {@link Link.open}. */
export class Link implements EtcdLink, Caller {
  readonly kv: Kv;
  readonly lease: Leases;
  readonly watch: Watches;
  readonly maintenance: Maintenance;
  readonly endpoint: string;
  readonly #closing = new AbortController();
  #channel: GrpcChannel | undefined;
  readonly #options: ResolvedEtcdOptions;
  readonly #headers: Record<string, string> = { hasleader: "true" };
  #tokenAtMs = -Infinity;
  #authenticating: Promise<void> | undefined;

  constructor(endpoint: string, options: ResolvedEtcdOptions) {
    this.endpoint = endpoint;
    this.#options = options;
    this.kv = new Kv(this);
    this.lease = new Leases(this);
    this.watch = new Watches(this);
    this.maintenance = new Maintenance(this);
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted || (this.#channel?.isClosed ?? false);
  }

  /**
   * Connects and, with credentials, authenticates.
   *
   * @throws {EtcdError} `unavailable` when the member refuses or is silent for
   * `dialTimeoutMs`, `authentication-failed` when it rejects the credentials.
   */
  async open(): Promise<void> {
    try {
      this.#channel = await GrpcChannel.connect(this.endpoint, this.#options, this.#closing.signal);
      if (this.#options.auth !== undefined) await this.#authenticate();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(this.#closedError());
    await this.#channel?.close();
  }

  async unary<Request, Reply>(
    method: Method<Request, Reply>,
    request: Request,
    options: CallOptions,
  ): Promise<Reply> {
    const { timeoutMs = this.#options.callTimeoutMs, signal } = options;
    const deadlineMs = performance.now() + timeoutMs;
    const context = (): UnaryContext => ({
      headers: this.#headers,
      timeoutMs: Math.max(1, deadlineMs - performance.now()),
      signal,
    });
    try {
      return await this.#open.unary(method, request, context());
    } catch (error) {
      // The server refused before it did anything, so the call may be repeated.
      if (!isExpiredToken(error) || this.#options.auth === undefined) throw error;
      await this.#authenticated(context().timeoutMs, signal);
      return await this.#open.unary(method, request, context());
    }
  }

  async duplex<Request, Reply>(
    method: Method<Request, Reply>,
    options: CallOptions,
  ): Promise<Duplex<Request, Reply>> {
    const { timeoutMs = this.#options.callTimeoutMs, signal } = options;
    const isStale = performance.now() - this.#tokenAtMs > FRESH_TOKEN_MS;
    if (this.#options.auth !== undefined && isStale) await this.#authenticated(timeoutMs, signal);
    signal?.throwIfAborted();
    const onAbort = () => stream.cancel();
    const stream = this.#open.duplex(method, this.#headers, (error) => {
      signal?.removeEventListener("abort", onAbort);
      // Such a member is of no use for anything else either.
      if (error?.code === "no-leader" || error?.code === "learner") this.close();
    });
    signal?.addEventListener("abort", onAbort);
    return stream;
  }

  get #open(): GrpcChannel {
    if (this.#channel === undefined || this.#closing.signal.aborted) throw this.#closedError();
    return this.#channel;
  }

  #closedError(): EtcdError {
    const { endpoint } = this;
    return new EtcdError("closed", `The connection to ${endpoint} is closed`, { endpoint });
  }

  /** Waits for a new token, which others may wait for too, within a caller's deadline. */
  #authenticated(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const late = () =>
      new EtcdError("timeout", `etcd at ${this.endpoint} did not authenticate in ${timeoutMs} ms`);
    return withDeadline(this.#authenticate(), timeoutMs, signal, late);
  }

  /** Gets a new token, one call at a time and not twice a second. */
  #authenticate(): Promise<void> {
    if (performance.now() - this.#tokenAtMs < REAUTHENTICATE_MS) return Promise.resolve();
    return this.#authenticating ??= this.#fetchToken().finally(() => {
      this.#authenticating = undefined;
    });
  }

  async #fetchToken(): Promise<void> {
    const { auth, callTimeoutMs } = this.#options;
    if (auth === undefined) return;
    const request = { name: auth.username, password: auth.password };
    const context = { headers: {}, timeoutMs: callTimeoutMs, signal: undefined };
    try {
      const reply = await this.#open.unary(METHODS.authenticate, request, context);
      this.#headers.token = reply.token;
    } catch (error) {
      // With auth switched off, the calls need no token and refuse a stale one.
      if (!(error instanceof EtcdError) || error.code !== "auth-not-enabled") throw error;
      delete this.#headers.token;
    }
    this.#tokenAtMs = performance.now();
  }
}

function isExpiredToken(error: unknown): boolean {
  return error instanceof EtcdError && error.code === "unauthenticated";
}

import type { Caller, CallOptions } from "./caller.ts";
import { onAbort, SYSTEM_CLOCK } from "../util/mod.ts";
import { EtcdError } from "./errors.ts";
import { type Kv, RpcKv } from "./kv.ts";
import { type Leases, RpcLeases } from "./lease.ts";
import type { ResolvedEtcdOptions } from "./options.ts";
import { Token } from "./token.ts";
import type {
  Duplex,
  GrpcChannel,
  RpcReply,
  RpcRequest,
  StreamRpc,
  UnaryContext,
  UnaryRpc,
} from "./transport/mod.ts";
import { RpcWatches, type Watches } from "./watch.ts";

/**
 * One connection to one member, with the services bound to it. It does not reconnect: once
 * closed it stays closed, and {@link EtcdConnector.connect} returns another one.
 */
export interface EtcdLink {
  /** Member, as `host:port`. */
  readonly endpoint: string;
  /** Address of this host on the connection, if it is known: one that others can reach it by. */
  readonly localAddress?: string | undefined;
  /** Whether the link was closed or lost. */
  readonly isClosed: boolean;
  /** Keys and values. */
  readonly kv: Kv;
  /** Leases. */
  readonly lease: Leases;
  /** Watches. */
  readonly watch: Watches;
  /** Cancels every call and stream and closes the connection. May be called more than once. */
  close(): Promise<void>;
}

/** Source of links to one cluster: an {@link EtcdClient}, or a model of etcd in a test. */
export interface EtcdConnector {
  /**
   * Returns the open link, or opens one.
   *
   * @throws {EtcdError} `unavailable`, `timeout`, or the refusal of the credentials
   */
  connect(options?: CallOptions): Promise<EtcdLink>;
  /** Closes a link; the next {@link EtcdConnector.connect} begins with the next member. */
  drop(link: EtcdLink): Promise<void>;
  /** Closes the open link and refuses new ones. May be called more than once. */
  close(): Promise<void>;
}

/** Settings of {@link Link.open}. */
interface LinkContext {
  readonly options: ResolvedEtcdOptions;
  /** Ends an attempt to open. */
  readonly signal: AbortSignal;
}

/** Link over a gRPC channel. */
export class Link implements EtcdLink, Caller {
  readonly kv: Kv;
  readonly lease: Leases;
  readonly watch: Watches;
  readonly #channel: GrpcChannel;
  readonly #options: ResolvedEtcdOptions;
  readonly #token: Token | undefined;

  private constructor(channel: GrpcChannel, { options }: LinkContext) {
    this.#channel = channel;
    this.#options = options;
    this.#token = options.auth === undefined
      ? undefined
      : new Token(channel, { auth: options.auth, timeoutMs: options.callTimeoutMs });
    this.kv = new RpcKv(this);
    this.lease = new RpcLeases(this);
    this.watch = new RpcWatches(this, options.callTimeoutMs);
  }

  /**
   * Connects to a member and, with credentials, authenticates. The first link of a process
   * loads gRPC.
   *
   * @throws {EtcdError} `unavailable` if the member refuses or is silent for
   * `dialTimeoutMs`, `authentication-failed` if it rejects the credentials
   */
  static async open(endpoint: string, context: LinkContext): Promise<Link> {
    const { GrpcChannel } = await import("./transport/mod.ts");
    const channel = await GrpcChannel.connect(endpoint, context);
    const link = new Link(channel, context);
    try {
      await link.#token?.renew({ signal: context.signal });
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  get endpoint(): string {
    return this.#channel.endpoint;
  }

  get localAddress(): string | undefined {
    return this.#channel.localAddress;
  }

  get isClosed(): boolean {
    return this.#channel.isClosed;
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async unary<Name extends UnaryRpc>(
    rpc: Name,
    request: RpcRequest<Name>,
    options: CallOptions,
  ): Promise<RpcReply<Name>> {
    const { timeoutMs = this.#options.callTimeoutMs, signal } = options;
    const deadlineMs = SYSTEM_CLOCK.now() + timeoutMs;
    const createContext = (): UnaryContext => ({
      headers: this.#createHeaders(),
      timeoutMs: Math.max(1, deadlineMs - SYSTEM_CLOCK.now()),
      signal,
    });
    try {
      return await this.#channel.unary(rpc, request, createContext());
    } catch (error) {
      // The server refused before it did anything, so the call may be repeated.
      if (!isExpiredToken(error) || this.#token === undefined) throw error;
      await this.#token.renew(createContext());
      return await this.#channel.unary(rpc, request, createContext());
    }
  }

  async duplex<Name extends StreamRpc>(
    rpc: Name,
    options: CallOptions,
  ): Promise<Duplex<RpcRequest<Name>, RpcReply<Name>>> {
    const { timeoutMs = this.#options.callTimeoutMs, signal } = options;
    if (this.#token?.isFresh === false) await this.#token.renew({ timeoutMs, signal });
    signal?.throwIfAborted();
    const stream = this.#channel.duplex(rpc, this.#createHeaders(), (error) => {
      subscription[Symbol.dispose]();
      // Such a member is of no use for anything else either.
      if (error?.code === "no-leader" || error?.code === "learner") this.close();
    });
    const subscription = onAbort(signal, () => stream.cancel());
    return stream;
  }

  #createHeaders(): Readonly<Record<string, string>> {
    const token = this.#token?.value;
    return token === undefined ? { hasleader: "true" } : { hasleader: "true", token };
  }
}

function isExpiredToken(error: unknown): boolean {
  return error instanceof EtcdError && error.code === "unauthenticated";
}

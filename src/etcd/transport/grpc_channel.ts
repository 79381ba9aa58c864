// A channel is one HTTP/2 connection to one member, and all services of that member
// share it.

import { OwnedCredentials } from "./credentials.ts";
import { connectError, reachableAddress } from "./dial.ts";
import { type Duplex, GrpcDuplex } from "./duplex_stream.ts";
import { grpc } from "./grpc_js.ts";
import type { Method } from "./rpc_methods.ts";
import { codeOfStatus, EtcdError } from "../errors.ts";
import type { ResolvedEtcdOptions } from "../options.ts";

/** What a unary call carries besides its request. */
export interface UnaryContext {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What grpc-js still does when its sockets are gone; there is no event for its end. */
const SETTLE_MS = 5;
/** How long a channel that is closed may still take to connect or to fail. */
const CONNECTING_MS = 100;

/** One HTTP/2 connection to one member, made by {@link GrpcChannel.connect}. */
export class GrpcChannel {
  readonly endpoint: string;
  readonly #channel: grpc.Channel;
  readonly #client: grpc.Client;
  readonly #credentials: OwnedCredentials;
  readonly #active = new Set<{ cancel(error?: EtcdError): void }>();
  #closing: Promise<void> | undefined;
  #reason: EtcdError | undefined;

  private constructor(endpoint: string, address: string, options: ResolvedEtcdOptions) {
    this.endpoint = endpoint;
    this.#credentials = new OwnedCredentials(endpoint, options.tls);
    const channelOptions = channelOptionsOf(endpoint, options);
    this.#channel = new grpc.Channel(address, this.#credentials, channelOptions);
    this.#client = new grpc.Client(address, this.#credentials, { channelOverride: this.#channel });
  }

  /**
   * Connects: a refused connection is an error at once, silence is one after
   * `dialTimeoutMs`. grpc-js itself would go on trying for ever.
   */
  static async connect(
    endpoint: string,
    options: ResolvedEtcdOptions,
    signal: AbortSignal,
  ): Promise<GrpcChannel> {
    const deadline = Date.now() + options.dialTimeoutMs;
    const address = await reachableAddress(endpoint, options, signal);
    const channel = new GrpcChannel(endpoint, address, options);
    const onAbort = () => channel.close();
    signal.addEventListener("abort", onAbort);
    try {
      await channel.#ready(deadline, options.dialTimeoutMs);
      channel.#closeWhenLost();
      return channel;
    } catch (error) {
      await channel.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  async #ready(deadline: number, timeoutMs: number): Promise<void> {
    let state = this.#channel.getConnectivityState(true);
    while (state !== grpc.connectivityState.READY) {
      if (this.isClosed) throw this.#closedError("connect");
      if (state === grpc.connectivityState.TRANSIENT_FAILURE) {
        throw connectError(this.endpoint, "the connection was lost");
      }
      const from = state;
      const late = await new Promise<Error | undefined>((resolve) => {
        this.#channel.watchConnectivityState(from, deadline, resolve);
      });
      if (late !== undefined) throw connectError(this.endpoint, `no answer within ${timeoutMs} ms`);
      state = this.#channel.getConnectivityState(true);
    }
  }

  /**
   * A channel that lost its connection, or was told to go away, would connect again by
   * itself. Ours is over then: the streams on it are lost, and another member may do.
   */
  #closeWhenLost(): void {
    const { READY } = grpc.connectivityState;
    this.#channel.watchConnectivityState(READY, Infinity, () => {
      this.#closing ??= this.#shutDown(
        new EtcdError("unavailable", `The connection to etcd at ${this.endpoint} was lost`, {
          endpoint: this.endpoint,
        }),
      );
    });
  }

  /** Runs one unary call to its end. */
  unary<Request, Reply>(
    method: Method<Request, Reply>,
    request: Request,
    { headers, timeoutMs, signal }: UnaryContext,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.isClosed) return reject(this.#closedError(method.path));
      const onAbort = () => call.cancel();
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadataOf(headers),
        { deadline: Date.now() + timeoutMs },
        (error, reply) => {
          this.#active.delete(call);
          signal?.removeEventListener("abort", onAbort);
          if (error === null && reply !== undefined) resolve(reply);
          else if (signal?.aborted) reject(signal.reason);
          else reject(this.#translate(method.path, error));
        },
      );
      this.#active.add(call);
      signal?.addEventListener("abort", onAbort);
    });
  }

  /** Opens a bidirectional stream; its failure is thrown by the iteration. */
  duplex<Request, Reply>(
    method: Method<Request, Reply>,
    headers: Readonly<Record<string, string>>,
    onEnd: (error: EtcdError | undefined) => void,
  ): Duplex<Request, Reply> {
    if (this.isClosed) throw this.#closedError(method.path);
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      metadataOf(headers),
    );
    const stream = new GrpcDuplex<Request, Reply, grpc.ServiceError>(
      call,
      (error) => this.#translate(method.path, error),
      (error) => {
        this.#active.delete(stream);
        onEnd(error);
      },
    );
    this.#active.add(stream);
    return stream;
  }

  /** Cancels what is under way and closes the connection. May be repeated. */
  close(): Promise<void> {
    return this.#closing ??= this.#shutDown(
      new EtcdError("closed", `The connection to ${this.endpoint} is closed`, {
        endpoint: this.endpoint,
      }),
    );
  }

  async #shutDown(reason: EtcdError): Promise<void> {
    this.#reason = reason;
    for (const call of [...this.#active]) call.cancel(reason);
    await this.#credentials.destroySockets();
    await this.#untilNotConnecting();
    this.#channel.close();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** A channel of grpc-js that is closed while it connects leaves a timer behind. */
  async #untilNotConnecting(): Promise<void> {
    const { CONNECTING } = grpc.connectivityState;
    if (this.#channel.getConnectivityState(false) !== CONNECTING) return;
    await new Promise<unknown>((resolve) => {
      this.#channel.watchConnectivityState(CONNECTING, Date.now() + CONNECTING_MS, resolve);
    });
    await this.#credentials.destroySockets();
  }

  #closedError(path: string): EtcdError {
    const { code = "closed" } = this.#reason ?? {};
    const what = code === "closed" ? "is closed" : "was lost";
    const message = `Cannot ${rpcName(path)}: the connection to ${this.endpoint} ${what}`;
    return new EtcdError(code, message, { endpoint: this.endpoint });
  }

  #translate(path: string, error: grpc.ServiceError | null): EtcdError {
    const name = rpcName(path);
    if (error === null) {
      return new EtcdError(
        "unavailable",
        `etcd at ${this.endpoint} ended ${name} without a reply`,
        {
          endpoint: this.endpoint,
        },
      );
    }
    if (this.isClosed) return this.#closedError(path);
    return new EtcdError(
      codeOfStatus(error.code, error.details ?? ""),
      `etcd at ${this.endpoint} failed ${name}: ${error.details || error.message}`,
      { endpoint: this.endpoint, status: error.code, cause: error },
    );
  }
}

/** `/etcdserverpb.KV/Range` is told to people as `Range`. */
function rpcName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function metadataOf(headers: Readonly<Record<string, string>>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function channelOptionsOf(endpoint: string, options: ResolvedEtcdOptions): grpc.ChannelOptions {
  return {
    // The channel is given an address, so this is the name it goes by.
    "grpc.default_authority": endpoint,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.keepalive_time_ms": options.pingIntervalMs,
    "grpc.keepalive_timeout_ms": options.pingTimeoutMs,
    "grpc.keepalive_permit_without_calls": 0,
    // Channels that fail are replaced; what they still have under way shall end at once.
    "grpc.initial_reconnect_backoff_ms": 1,
    "grpc.max_reconnect_backoff_ms": 1,
    // A connection without a call is given up: a GOAWAY on it can end the Deno process
    // (denoland/deno#36788). The next call makes another.
    "grpc.client_idle_timeout_ms": 10_000,
    "grpc.max_receive_message_length": options.maxReplyBytes,
    "grpc.max_send_message_length": -1,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
  };
}

// A channel is one HTTP/2 connection to one member; all services of that member share it.

import { createChannelOptions } from "./channel_options.ts";
import { OwnedCredentials } from "./credentials.ts";
import { createConnectError, findAddress } from "./dial.ts";
import { type Duplex, GrpcDuplex } from "./duplex_stream.ts";
import { grpc } from "./grpc_js.ts";
import { createClosedError, createRpcError } from "./rpc_errors.ts";
import { METHODS } from "./rpc_methods.ts";
import type { RpcReply, RpcRequest, StreamRpc, UnaryRpc } from "./rpcs.ts";
import { EtcdError } from "../errors.ts";
import { readTls, type ResolvedEtcdOptions } from "../options.ts";
import { type Clock, onAbort, pause, SYSTEM_CLOCK } from "../../util/mod.ts";

/** Settings of a unary call. */
export interface UnaryContext {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Settings of {@link GrpcChannel.connect}. */
export interface ChannelContext {
  readonly options: ResolvedEtcdOptions;
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal;
  /** Source of time while connecting. @default the clock of the machine */
  readonly clock?: Clock;
}

/** Time that grpc-js needs after its sockets are closed; it has no event for its end. */
const SETTLE_MS = 5;
/** Longest time that a closed channel may still take to connect or to fail. */
const CONNECTING_MS = 100;

type ChannelState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  | { readonly kind: "closed"; readonly reason: EtcdError; readonly done: Promise<void> };

/** One HTTP/2 connection to one member, made by {@link GrpcChannel.connect}. */
export class GrpcChannel {
  readonly endpoint: string;
  readonly #channel: grpc.Channel;
  readonly #client: grpc.Client;
  readonly #credentials: OwnedCredentials;
  readonly #active = new Set<{ cancel(error?: EtcdError): void }>();
  #state: ChannelState = { kind: "connecting" };

  private constructor(
    endpoint: string,
    address: string,
    credentials: OwnedCredentials,
    options: ResolvedEtcdOptions,
  ) {
    this.endpoint = endpoint;
    this.#credentials = credentials;
    const channelOptions = createChannelOptions(endpoint, options);
    this.#channel = new grpc.Channel(address, credentials, channelOptions);
    this.#client = new grpc.Client(address, credentials, { channelOverride: this.#channel });
  }

  /**
   * Connects. grpc-js itself would go on trying for ever.
   *
   * @throws {EtcdError} `unavailable` if the connection is refused, or after
   * `dialTimeoutMs` of silence
   * @throws the reason of `context.signal` if that is aborted
   */
  static async connect(endpoint: string, context: ChannelContext): Promise<GrpcChannel> {
    const { options, signal, clock = SYSTEM_CLOCK } = context;
    const deadlineMs = clock.now() + options.dialTimeoutMs;
    const limits = { timeoutMs: options.dialTimeoutMs, signal, clock };
    const tls = await readTls(options.tls, limits);
    const address = await findAddress(endpoint, tls, limits);
    const credentials = new OwnedCredentials(endpoint, tls);
    const channel = new GrpcChannel(endpoint, address, credentials, options);
    using _subscription = onAbort(signal, () => channel.close());
    try {
      const isReady = await channel.#waitUntilReady(clock, deadlineMs);
      const reason = `no answer within ${options.dialTimeoutMs} ms`;
      if (!isReady) throw createConnectError(endpoint, reason);
      channel.#state = { kind: "open" };
      channel.#closeWhenLost();
      return channel;
    } catch (error) {
      await channel.close();
      signal.throwIfAborted();
      throw error;
    }
  }

  /** Address of this host on the connection. */
  get localAddress(): string | undefined {
    return this.#credentials.localAddress;
  }

  /** Whether the channel was closed or lost. */
  get isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  /** Waits until the channel is connected; returns whether it is so in time. */
  async #waitUntilReady(clock: Clock, deadlineMs: number): Promise<boolean> {
    const { READY, TRANSIENT_FAILURE } = grpc.connectivityState;
    let state = this.#channel.getConnectivityState(true);
    while (state !== READY) {
      if (this.#state.kind === "closed") throw this.#state.reason;
      if (state === TRANSIENT_FAILURE) {
        const isLeaving = this.#credentials.hasGoneAway;
        const reason = isLeaving
          ? "the server is shutting down (GOAWAY)"
          : "the connection was lost";
        throw createConnectError(this.endpoint, reason);
      }
      const isInTime = await this.#leaves(state, deadlineMs - clock.now(), clock);
      if (!isInTime) return false;
      state = this.#channel.getConnectivityState(true);
    }
    return true;
  }

  /**
   * Waits until the channel is in another state; returns whether it is so in time. A deadline of
   * grpc-js would be a time of day, which can be set.
   */
  #leaves(state: grpc.connectivityState, timeoutMs: number, clock: Clock): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = clock.startTimer(timeoutMs, () => resolve(false));
      this.#channel.watchConnectivityState(state, Infinity, () => {
        timer.cancel();
        resolve(true);
      });
    });
  }

  /**
   * Closes the channel when its connection is lost or the server sends GOAWAY. grpc-js would
   * connect again by itself, but the streams are lost, and another member may serve better.
   */
  #closeWhenLost(): void {
    this.#channel.watchConnectivityState(grpc.connectivityState.READY, Infinity, () => {
      this.#end("unavailable", `The connection to etcd at ${this.endpoint} was lost`);
    });
  }

  /**
   * Runs one unary call.
   *
   * @throws {EtcdError} with the code of the server's or the transport's status
   * @throws the reason of `context.signal` if that is aborted
   */
  unary<Name extends UnaryRpc>(
    rpc: Name,
    request: RpcRequest<Name>,
    { headers, timeoutMs, signal }: UnaryContext,
  ): Promise<RpcReply<Name>> {
    const { path, requestSerialize, responseDeserialize } = METHODS[rpc];
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.isClosed) return reject(this.#createClosedError(path));
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        toMetadata(headers),
        { deadline: SYSTEM_CLOCK.epochMs() + timeoutMs },
        (error, reply) => {
          this.#active.delete(call);
          subscription[Symbol.dispose]();
          if (error === null && reply !== undefined) resolve(reply);
          else if (signal?.aborted) reject(signal.reason);
          else reject(this.#translate(path, error));
        },
      );
      this.#active.add(call);
      const subscription = onAbort(signal, () => call.cancel());
    });
  }

  /** Opens a bidirectional stream; its failure is thrown by the iteration. */
  duplex<Name extends StreamRpc>(
    rpc: Name,
    headers: Readonly<Record<string, string>>,
    onEnd: (error: EtcdError | undefined) => void,
  ): Duplex<RpcRequest<Name>, RpcReply<Name>> {
    const { path, requestSerialize, responseDeserialize } = METHODS[rpc];
    if (this.isClosed) throw this.#createClosedError(path);
    const call = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      toMetadata(headers),
    );
    const stream = new GrpcDuplex<RpcRequest<Name>, RpcReply<Name>, grpc.ServiceError>(
      call,
      (error) => this.#translate(path, error),
      (error) => {
        this.#active.delete(stream);
        onEnd(error);
      },
    );
    this.#active.add(stream);
    return stream;
  }

  /** Cancels calls and streams and closes the connection. May be called more than once. */
  close(): Promise<void> {
    return this.#end("closed", `The connection to ${this.endpoint} is closed`);
  }

  #end(code: "closed" | "unavailable", message: string): Promise<void> {
    if (this.#state.kind === "closed") return this.#state.done;
    const reason = new EtcdError(code, message, { endpoint: this.endpoint });
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#state = { kind: "closed", reason, done };
    resolve(this.#shutDown(reason));
    return done;
  }

  async #shutDown(reason: EtcdError): Promise<void> {
    for (const call of [...this.#active]) call.cancel(reason);
    await this.#credentials.destroySockets();
    await this.#waitWhileConnecting();
    this.#channel.close();
    await pause(SETTLE_MS);
    // A call that was starting meanwhile leaves an interval behind, which this clears.
    this.#channel.close();
  }

  /** A channel of grpc-js that is closed while it connects leaves a timer behind. */
  async #waitWhileConnecting(): Promise<void> {
    const { CONNECTING } = grpc.connectivityState;
    if (this.#channel.getConnectivityState(false) !== CONNECTING) return;
    await this.#leaves(CONNECTING, CONNECTING_MS, SYSTEM_CLOCK);
    await this.#credentials.destroySockets();
  }

  #createClosedError(path: string): EtcdError {
    const isLost = this.#state.kind === "closed" && this.#state.reason.code === "unavailable";
    return createClosedError(this.endpoint, path, isLost);
  }

  #translate(path: string, error: grpc.ServiceError | null): EtcdError {
    if (error !== null && this.isClosed) return this.#createClosedError(path);
    return createRpcError(this.endpoint, path, error);
  }
}

function toMetadata(headers: Readonly<Record<string, string>>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

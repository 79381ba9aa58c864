import type { Socket } from "node:net";
import { startTls } from "./dial.ts";
import { GuardedSocket } from "./frame_guard.ts";
import { grpc } from "./grpc_js.ts";
import type { TlsOptions } from "../options.ts";

/**
 * Credentials that secure and guard the sockets of a channel, and can close them. Closing a
 * channel of grpc-js waits for the peer's agreement, which a mute peer never gives; a socket
 * can be destroyed, and reports its end. Also, grpc-js sends an address as a server name in
 * TLS, which is not allowed.
 */
export class OwnedCredentials extends grpc.ChannelCredentials {
  readonly #plain = grpc.credentials.createInsecure();
  readonly #endpoint: string;
  readonly #tls: TlsOptions | undefined;
  readonly #sockets = new Set<Socket>();
  #hasGoneAway = false;
  #localAddress: string | undefined;

  constructor(endpoint: string, tls: TlsOptions | undefined) {
    super();
    this.#endpoint = endpoint;
    this.#tls = tls;
  }

  /** Whether the server has sent a GOAWAY on one of the sockets. */
  get hasGoneAway(): boolean {
    return this.#hasGoneAway;
  }

  /** Address of this host on the last connection. */
  get localAddress(): string | undefined {
    return this.#localAddress;
  }

  /** Closes every socket and waits until they are closed. */
  async destroySockets(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => {
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.destroy();
      return closed;
    }));
  }

  override compose(callCredentials: grpc.CallCredentials): grpc.ChannelCredentials {
    return this.#plain.compose(callCredentials);
  }

  override _isSecure(): boolean {
    return this.#tls !== undefined;
  }

  override _equals(other: grpc.ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    ...args: Parameters<grpc.ChannelCredentials["_createSecureConnector"]>
  ): ReturnType<grpc.ChannelCredentials["_createSecureConnector"]> {
    const plain = this.#plain._createSecureConnector(...args);
    return {
      connect: async (socket) => ({
        socket: await this.#secure(socket),
        secure: this.#tls !== undefined,
      }),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => plain.getCallCredentials(),
      destroy: () => plain.destroy(),
    };
  }

  async #secure(socket: Socket): Promise<Socket> {
    this.#sockets.add(socket);
    this.#localAddress = socket.localAddress;
    socket.once("close", () => this.#sockets.delete(socket));
    const secure = this.#tls === undefined
      ? socket
      : await startTls(socket, this.#endpoint, this.#tls);
    const guarded = new GuardedSocket(secure, () => this.#hasGoneAway = true);
    // grpc-js and node:http2 need no more of a socket than a Duplex with ref() and unref().
    return guarded as unknown as Socket;
  }
}

import type { Socket } from "node:net";
import { secured } from "./dial.ts";
import { grpc } from "./grpc_js.ts";
import type { TlsOptions } from "../options.ts";

/**
 * Credentials that secure the sockets of a channel themselves, and keep hold of them.
 * Closing a channel of grpc-js waits for the peer's agreement, which a mute peer never
 * gives; a socket can be destroyed, and says when it is. And grpc-js names an address
 * as a server name in TLS, which is not allowed.
 */
export class OwnedCredentials extends grpc.ChannelCredentials {
  readonly #plain = grpc.credentials.createInsecure();
  readonly #endpoint: string;
  readonly #tls: TlsOptions | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(endpoint: string, tls: TlsOptions | undefined) {
    super();
    this.#endpoint = endpoint;
    this.#tls = tls;
  }

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
      connect: async (socket) => {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
        if (this.#tls === undefined) return { socket, secure: false };
        return { socket: await secured(socket, this.#endpoint, this.#tls), secure: true };
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => plain.getCallCredentials(),
      destroy: () => plain.destroy(),
    };
  }
}

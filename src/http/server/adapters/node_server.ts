import { loadBuiltin, requestNetPermission, yieldTurn } from "../../../util/mod.ts";
import { createRefusal } from "../refusal.ts";
import { collectResponse, createErrorResponse, type Responder } from "../responder.ts";
import type {
  HttpListenOptions,
  HttpServer,
  HttpServerLimits,
  HttpServerTls,
} from "../http_server.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { RunningRequests } from "./running_requests.ts";
import { ConnectionReplies } from "./connection_replies.ts";
import { NodeBody } from "./node_body.ts";
import { toRequest, writeResponse } from "./node_messages.ts";

/** Server on `node:http`: the one of Node and Bun, and of HTTPS on Deno. */
class NodeServer implements HttpServer {
  readonly #server: Server | TlsServer;
  readonly #responder: Responder;
  readonly #sockets = new Set<Socket>();
  readonly #running = new RunningRequests<ServerResponse>();
  readonly #replies = new ConnectionReplies();
  #stopping: Promise<void> | undefined;

  constructor(server: Server | TlsServer, responder: Responder, maxConnections: number) {
    this.#server = server;
    this.#responder = responder;
    server.on("request", (request, response) => void this.#serve(request, response));
    server.on("connection", (socket) => {
      if (this.#sockets.size >= maxConnections) return void socket.destroy();
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get running(): number {
    return this.#running.size;
  }

  get reloadTls(): ((tls: HttpServerTls) => void) | undefined {
    const server = this.#server;
    if (!("setSecureContext" in server)) return undefined;
    return ({ cert, key }) => server.setSecureContext({ cert, key });
  }

  whenIdle(): Promise<void> {
    return this.#running.whenIdle();
  }

  stop(): Promise<void> {
    return this.#stopping ??= new Promise((resolve) => {
      this.#server.close(() => resolve()); // a listener that failed before is closed already
      this.#server.closeIdleConnections();
    });
  }

  cut(): void {
    this.#stopping ??= this.stop();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const running = this.#running.add(reply);
    const gone = new AbortController();
    this.#replies.add(message.socket, reply);
    reply.once("close", () => {
      this.#running.delete(running);
      if (!reply.writableFinished) gone.abort(new Error("the client closed the connection"));
    });
    const sent = this.#openBody(message);
    const response = await this.#answer(message, sent, gone.signal);
    await writeResponse(response, sent, { message, reply, isLast: this.#stopping !== undefined });
  }

  #openBody(message: IncomingMessage): NodeBody | undefined {
    const { headers, socket } = message;
    const hasBody = headers["transfer-encoding"] !== undefined ||
      Number(headers["content-length"] ?? 0) > 0;
    return hasBody ? new NodeBody(message, () => this.#pauseOthers(socket)) : undefined;
  }

  /** Reads no other connection in this turn of the event loop. */
  #pauseOthers(socket: Socket): void {
    const others = [...this.#sockets].filter((other) => other !== socket && !other.isPaused());
    for (const other of others) other.pause();
    yieldTurn().then(() => {
      for (const other of others) other.resume();
    });
  }

  async #answer(
    message: IncomingMessage,
    sent: NodeBody | undefined,
    gone: AbortSignal,
  ): Promise<Response> {
    try {
      const scheme = "setSecureContext" in this.#server ? "https" : "http";
      const request = toRequest(message, sent, scheme, gone);
      if (request === undefined) return createRefusal(400, "Bad Request");
      const response = await collectResponse(this.#responder, request);
      // A servlet in JavaScript may return nothing, and any may return a response twice.
      if (response instanceof Response && !response.bodyUsed) return response;
    } catch {
      // Answered as any other failure.
    }
    return createErrorResponse();
  }
}

/**
 * Starts a server on `node:http`, or `node:https` if there is a certificate. Rejects if it
 * can't listen.
 */
export async function listenWithNode(
  options: HttpListenOptions,
  responder: Responder,
): Promise<HttpServer> {
  const { hostname, port, tls, limits = {}, onFailure } = options;
  requestNetPermission(hostname, port);
  const server = tls === undefined
    ? loadBuiltin("node:http").createServer(toNodeLimits(limits))
    : loadBuiltin("node:https").createServer({
      ...toNodeLimits(limits),
      handshakeTimeout: toNodeLimits(limits).headersTimeout, // before it no other limit counts
      cert: tls.cert,
      key: tls.key,
    });
  const listening = new NodeServer(server, responder, limits.maxConnections ?? Infinity);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, hostname, resolve);
  await promise;
  server.off("error", reject);
  server.on("error", onFailure);
  return listening;
}

function toNodeLimits(limits: HttpServerLimits) {
  const { headersTimeoutMs = 30_000, requestTimeoutMs = 60_000 } = limits;
  return {
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs ?? 30_000,
    connectionsCheckingInterval: Math.min(1000, headersTimeoutMs),
    noDelay: true,
  };
}

import { loadBuiltin, requestNetPermission } from "../../util/mod.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { RunningRequests } from "./running_requests.ts";
import { toRequest, writeResponse } from "./node_messages.ts";
import type {
  HttpHandler,
  HttpListenOptions,
  HttpServer,
  HttpServerLimits,
  HttpServerTls,
} from "./http_server.ts";

/** Server on `node:http`: the one of Node and Bun, and of HTTPS on Deno. */
class NodeServer implements HttpServer {
  readonly #server: Server | TlsServer;
  readonly #handler: HttpHandler;
  readonly #sockets = new Set<Socket>();
  readonly #running = new RunningRequests<ServerResponse>();
  #stopping: Promise<void> | undefined;

  constructor(server: Server | TlsServer, handler: HttpHandler, maxConnections: number) {
    this.#server = server;
    this.#handler = handler;
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
    this.#running.add(reply);
    const gone = new AbortController();
    reply.once("close", () => {
      this.#running.delete(reply);
      if (!reply.writableFinished) gone.abort(new Error("the client closed the connection"));
    });
    let response: Response;
    try {
      const scheme = "setSecureContext" in this.#server ? "https" : "http";
      response = await this.#handler(toRequest(message, scheme, gone.signal));
    } catch {
      response = new Response("Internal Server Error\n", { status: 500 });
    }
    await writeResponse(response, message, reply, this.#stopping !== undefined);
  }
}

/**
 * Starts a server on `node:http`, or `node:https` if there is a certificate. Rejects if it
 * can't listen.
 */
export async function listenWithNode(
  options: HttpListenOptions,
  handler: HttpHandler,
): Promise<HttpServer> {
  const { hostname, port, tls, limits = {}, onFailure } = options;
  requestNetPermission(hostname, port);
  const server = tls === undefined
    ? loadBuiltin("node:http").createServer(toNodeLimits(limits))
    : loadBuiltin("node:https").createServer({
      ...toNodeLimits(limits),
      cert: tls.cert,
      key: tls.key,
    });
  const listening = new NodeServer(server, handler, limits.maxConnections ?? Infinity);
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

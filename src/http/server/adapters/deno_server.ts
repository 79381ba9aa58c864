import type { HttpListenOptions, HttpServer } from "../http_server.ts";
import { createErrorResponse, type Respond, type Responder } from "../responder.ts";
import { RunningRequests } from "./running_requests.ts";

/** Server on `Deno.serve`, the fastest. Only this file calls it. */
class DenoServer implements HttpServer {
  readonly #responder: Responder;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Functions that answer the running requests, each at most once. */
  readonly #running = new RunningRequests<Respond>();
  readonly #abort = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(options: HttpListenOptions, responder: Responder) {
    this.#responder = responder;
    const { hostname, port, onFailure } = options;
    const settings = { hostname, port, signal: this.#abort.signal, onListen() {} };
    this.#server = Deno.serve(settings, (request) => this.#serve(request));
    this.#server.finished.catch(onFailure);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get running(): number {
    return this.#running.size;
  }

  readonly reloadTls = undefined; // it serves HTTP only; see server_choice.ts

  whenIdle(): Promise<void> {
    return this.#running.whenIdle();
  }

  stop(): Promise<void> {
    return this.#stopping ??= this.#server.shutdown().catch(() => {
      // A listener that failed before has nothing to stop.
    });
  }

  cut(): void {
    if (this.#stopping === undefined) {
      this.#abort.abort(); // the only way that also cuts replies that no client reads
      this.#stopping = this.#server.finished.catch(() => {});
    } else {
      this.#server.unref(); // a client that does not read its reply keeps no process alive
    }
    for (const answer of this.#running.list()) answer(createBrokenResponse());
  }

  #serve(request: Request): Promise<Response> {
    return new Promise((resolve) => {
      const respond = (response: Response) => {
        if (this.#running.delete(running)) resolve(response);
      };
      const running = this.#running.add(respond);
      try {
        this.#responder(request, respond);
      } catch {
        respond(createErrorResponse());
      }
    });
  }
}

/** Starts a server on `Deno.serve`; throws if it can't listen. */
export function listenWithDeno(options: HttpListenOptions, responder: Responder): HttpServer {
  return new DenoServer(options, responder);
}

/** Returns a response that breaks its connection off: no client mistakes it for an answer. */
function createBrokenResponse(): Response {
  const body = new ReadableStream({ start: (controller) => controller.close() });
  return new Response(body, { status: 503, headers: { "content-length": "1" } }); // too few bytes
}

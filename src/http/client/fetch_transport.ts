import {
  explainPermission,
  onAbort,
  SYSTEM_CLOCK,
  toMessage,
  toPrintable,
} from "../../util/mod.ts";
import { openBody } from "../body.ts";
import type { HttpReply, HttpRequest, HttpTransport } from "./http_client.ts";
import { HttpClientError } from "./http_client_errors.ts";
import type { HttpTarget } from "./http_target.ts";

/**
 * Sends requests with a `fetch` of the caller's choice. Unlike `HttpClient` it can't promise
 * that a request is sent once: Deno's own `fetch` repeats one whose connection ends early.
 */
export class FetchTransport implements HttpTransport {
  readonly #fetch: typeof fetch;

  /** Creates a transport; nothing is sent yet. */
  constructor(send: typeof fetch) {
    this.#fetch = send;
  }

  /** Sends a request; see `HttpClient.request`. Every failure counts as sent. */
  async request(request: HttpRequest): Promise<HttpReply> {
    const { signal, timeoutMs = 30_000 } = request;
    signal?.throwIfAborted();
    const stop = new AbortController();
    const message = `no answer within ${timeoutMs} ms`;
    const late = new HttpClientError("timeout", message, { wasSent: true });
    const timer = SYSTEM_CLOCK.startTimer(timeoutMs, () => stop.abort(late));
    using _subscription = onAbort(signal, () => stop.abort(signal?.reason));
    try {
      return await this.#exchange(request, stop.signal);
    } catch (cause) {
      if (cause instanceof HttpClientError) throw cause;
      stop.signal.throwIfAborted();
      throw new HttpClientError("interrupted", findReason(cause, request.target), {
        wasSent: true,
        cause,
      });
    } finally {
      timer.cancel();
    }
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const { target, method = "GET", headers = [], body, maxBytes = 8 * 1024 * 1024 } = request;
    const entries = [...headers].map(([name, value]): [string, string] => [name, value]);
    const isAuthorized = entries.some(([name]) => name.toLowerCase() === "authorization");
    if (target.authorization !== undefined && !isAuthorized) {
      entries.push(["authorization", target.authorization]);
    }
    // Without user name and password, which would be in the messages of `fetch`.
    const response = await this.#fetch(target.origin + target.path, {
      method,
      headers: entries,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : body.slice() }),
      redirect: "manual",
      signal,
    });
    const bytes = await openBody(response.body, { maxBytes }).bytes;
    if (typeof bytes === "string") {
      throw new HttpClientError("too-large", "the reply exceeds the limit", { wasSent: true });
    }
    return { status: response.status, headers: new Map(response.headers), body: bytes };
  }
}

/** Returns the innermost message, which says why; `fetch` itself says only that it failed. */
function findReason(error: unknown, { address }: HttpTarget): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return explainPermission(inner, address) ?? toPrintable(toMessage(inner));
}

import { createRefusal, type Servlet } from "../../http/mod.ts";
import type { Authenticate } from "../../xmlrpc/mod.ts";

/** A document that a {@link Servlet} makes for each request. */
export interface ServedDocument {
  /** Value of the header `content-type`. */
  readonly contentType: string;
  /** Admits the senders of requests; `undefined` admits all. */
  readonly authenticate: Authenticate | undefined;
  /** Creates the document. */
  create(request: Request): string;
}

/** Creates a servlet for programs that read a document: it answers GET and HEAD. */
export function createDocumentServlet(served: ServedDocument): Servlet {
  return async (request) => {
    const { method } = request;
    if (method !== "GET" && method !== "HEAD") {
      return createRefusal(405, "Read this document with GET", { allow: "GET, HEAD" });
    }
    const refusal = await authenticate(request, served.authenticate);
    if (refusal !== undefined) return refusal;
    const body = new TextEncoder().encode(served.create(request));
    return new Response(method === "HEAD" ? null : body, {
      headers: { "content-type": served.contentType, "cache-control": "no-store" },
    });
  };
}

/** Returns the response that refuses a request; a function that fails refuses it. */
async function authenticate(
  request: Request,
  authenticate: Authenticate | undefined,
): Promise<Response | undefined> {
  try {
    const principal = await authenticate?.(request);
    return principal instanceof Response ? principal : undefined;
  } catch {
    return createRefusal(500, "Internal Server Error");
  }
}

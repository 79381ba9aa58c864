import { createErrorResponse, EXECUTED_HEADER, type Respond } from "../../http/mod.ts";

/** Length from which an answer is compressed if the client accepts it. */
const COMPRESSED_LENGTH = 2048;
/** Headers of an answer. Deno reads a plain object much faster than a list or `Headers`. */
const XML: ResponseInit = { headers: { "content-type": "text/xml; charset=utf-8" } };

/** Responds with a document, in gzip if it is large and the client accepts that. */
export function sendReply(request: Request, document: string, respond: Respond): void {
  if (document.length < COMPRESSED_LENGTH || !acceptsGzip(request)) {
    return respond(new Response(document, XML));
  }
  compress(document).then(respond).catch(() => respond(createErrorResponse()));
}

/** Returns the response to a call that was refused before anything ran, with its fault. */
export function createDeniedReply(document: string): Response {
  const headers = { "content-type": "text/xml; charset=utf-8", [EXECUTED_HEADER]: "no" };
  return new Response(document, { status: 403, headers });
}

async function compress(document: string): Promise<Response> {
  const stream = new Blob([document]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = await new Response(stream).bytes(); // with a length: some clients need one
  return new Response(body, {
    headers: {
      "content-type": "text/xml; charset=utf-8",
      "content-encoding": "gzip",
      "vary": "accept-encoding",
    },
  });
}

function acceptsGzip(request: Request): boolean {
  const codings = request.headers.get("accept-encoding")?.toLowerCase().split(",") ?? [];
  return codings.some((coding) => {
    const [name, ...parameters] = coding.split(";").map((part) => part.trim());
    return (name === "gzip" || name === "x-gzip") &&
      !parameters.some((q) => /^q=0(\.0*)?$/.test(q));
  });
}

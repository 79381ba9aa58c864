/** Answers from this length on are compressed when the client asks for it. */
const COMPRESSED_LENGTH = 2048;
/** A plain object: Deno has a short way for it, much shorter than for a list or `Headers`. */
const XML: ResponseInit = { headers: { "content-type": "text/xml; charset=utf-8" } };

/** The HTTP answer that carries a document, in gzip when it is large and the client takes it. */
export function replyTo(request: Request, document: string): Response | Promise<Response> {
  return document.length >= COMPRESSED_LENGTH && takesGzip(request)
    ? gzipped(document)
    : new Response(document, XML);
}

async function gzipped(document: string): Promise<Response> {
  const stream = new Blob([document]).stream().pipeThrough(new CompressionStream("gzip"));
  // Whole, so that the answer has a length: not every client reads chunks.
  const body = await new Response(stream).bytes();
  return new Response(body, {
    headers: {
      "content-type": "text/xml; charset=utf-8",
      "content-encoding": "gzip",
      "vary": "accept-encoding",
    },
  });
}

function takesGzip(request: Request): boolean {
  const codings = request.headers.get("accept-encoding")?.toLowerCase().split(",") ?? [];
  return codings.some((coding) => {
    const [name, ...parameters] = coding.split(";").map((part) => part.trim());
    return (name === "gzip" || name === "x-gzip") &&
      !parameters.some((q) => /^q=0(\.0*)?$/.test(q));
  });
}

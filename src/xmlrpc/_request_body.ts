import { readBody } from "./_body.ts";

/** How much of a request is read, and how long that may take. */
export interface BodyLimits {
  /** Largest request body, before and after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
}

/** Largest request body, unless an option says otherwise. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** The HTTP answer to a request that can't hold a call. */
export function refusalOf(request: Request): Response | undefined {
  if (request.method !== "POST") {
    return new Response("XML-RPC calls are POST requests\n", {
      status: 405,
      headers: { allow: "POST" },
    });
  }
  const given = request.headers.get("content-type") ?? "";
  const type = given === "text/xml" ? given : given.split(";")[0]?.trim().toLowerCase();
  // text/plain is what a form of a foreign web page could send.
  if (type === "" || type === "text/xml" || type === "application/xml") return undefined;
  return new Response("XML-RPC calls have the type text/xml\n", { status: 415 });
}

/** The formats of compressed bodies, by their content encoding. */
const FORMATS: ReadonlyMap<string, "gzip" | "deflate" | undefined> = new Map([
  ["", undefined],
  ["identity", undefined],
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

/** The bytes of a request, or the HTTP answer to one whose bytes can't be had. */
export async function bodyOf(
  request: Request,
  { maxBytes = MAX_BYTES, bodyTimeoutMs = 30_000 }: BodyLimits,
): Promise<Uint8Array | Response> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (!FORMATS.has(encoding)) return new Response("Unknown content encoding\n", { status: 415 });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), bodyTimeoutMs);
  try {
    const body = await Promise.race([
      inflated(request, maxBytes, FORMATS.get(encoding)),
      late.promise,
    ]);
    if (body === "late") {
      return new Response(`The body took more than ${bodyTimeoutMs} ms\n`, {
        status: 408,
        headers: { connection: "close" },
      });
    }
    return body ?? new Response(`The body exceeds ${maxBytes} bytes\n`, { status: 413 });
  } catch {
    // Nobody else can be told: the body broke off, or is not compressed as it says.
    return new Response("The body can't be read\n", { status: 400 });
  } finally {
    clearTimeout(timer);
  }
}

/** The body, inflated; undefined when it exceeds the limit before or after. */
async function inflated(
  request: Request,
  maxBytes: number,
  format: "gzip" | "deflate" | undefined,
): Promise<Uint8Array | undefined> {
  // With its length known, the body is read at once, which is much faster.
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > maxBytes) return undefined;
  const sent = length <= maxBytes ? await request.bytes() : await readBody(request.body, maxBytes);
  if (sent === undefined || format === undefined) return sent;
  return await readBody(
    new Blob([sent]).stream().pipeThrough(new DecompressionStream(format)),
    maxBytes,
  );
}

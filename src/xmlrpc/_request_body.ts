import { readBody } from "./_body.ts";
import { Deadlines } from "./_deadlines.ts";

/** How much of a request is read, and how long that may take. */
export interface BodyLimits {
  /** Largest request body, before and after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
}

/** Largest request body, unless an option says otherwise. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** The HTTP answer to a request that can't hold a call, of a content type that it names. */
export function refusalOf(request: Request, contentType: string): Response | undefined {
  if (request.method !== "POST") {
    return new Response("XML-RPC calls are POST requests\n", {
      status: 405,
      headers: { allow: "POST" },
    });
  }
  if (contentType === "text/xml") return undefined;
  const type = contentType.split(";")[0]?.trim().toLowerCase();
  // text/plain is what a form of a foreign web page could send.
  if (type === "" || type === "text/xml" || type === "application/xml") return undefined;
  return new Response("XML-RPC calls have the type text/xml\n", { status: 415 });
}

type Format = "identity" | "gzip" | "deflate";

/** The formats of compressed bodies, by their content encoding. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ["", "identity"],
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

/** Reads the bodies of requests within limits. */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  readonly #deadlines: Deadlines;

  constructor({ maxBytes = MAX_BYTES, bodyTimeoutMs = 30_000 }: BodyLimits) {
    this.#maxBytes = maxBytes;
    this.#timeoutMs = bodyTimeoutMs;
    this.#deadlines = new Deadlines(bodyTimeoutMs);
  }

  /** The bytes of a request, or the HTTP answer to one whose bytes can't be had. */
  read(request: Request): Promise<Uint8Array | Response> {
    const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
    const format = FORMATS.get(encoding);
    if (format === undefined) {
      return Promise.resolve(new Response("Unknown content encoding\n", { status: 415 }));
    }
    // By hand what Promise.race does at several times the cost.
    return new Promise((resolve) => {
      const deadline = this.#deadlines.add(() => resolve(this.#late()));
      const settle = (answer: Uint8Array | Response) => {
        this.#deadlines.delete(deadline);
        resolve(answer);
      };
      bytesOf(request, this.#maxBytes, format).then(
        (body) => settle(body ?? this.#tooLarge()),
        // Nobody else can be told: the body broke off, or is not compressed as it says.
        () => settle(new Response("The body can't be read\n", { status: 400 })),
      );
    });
  }

  #late(): Response {
    return new Response(`The body took more than ${this.#timeoutMs} ms\n`, {
      status: 408,
      headers: { connection: "close" },
    });
  }

  #tooLarge(): Response {
    return new Response(`The body exceeds ${this.#maxBytes} bytes\n`, { status: 413 });
  }
}

/** The body, inflated; undefined when it exceeds the limit before or after. */
function bytesOf(
  request: Request,
  maxBytes: number,
  format: Format,
): Promise<Uint8Array | undefined> {
  // With its length known, the body is read at once, which is much faster.
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > maxBytes) return Promise.resolve(undefined);
  const sent = length <= maxBytes ? request.bytes() : readBody(request.body, maxBytes);
  return format === "identity" ? sent : inflated(sent, maxBytes, format);
}

async function inflated(
  sent: Promise<Uint8Array<ArrayBuffer> | undefined>,
  maxBytes: number,
  format: CompressionFormat,
): Promise<Uint8Array | undefined> {
  const bytes = await sent;
  if (bytes === undefined) return undefined;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  return await readBody(stream, maxBytes);
}

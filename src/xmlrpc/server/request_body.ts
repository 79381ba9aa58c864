import { readBody } from "../../http/mod.ts";
import { Deadlines } from "../../util/mod.ts";

/** How much of a request is read, and how long that may take. */
export interface BodyLimits {
  /** Largest request body, before and after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
}

/** Largest request body, unless an option says otherwise. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Up to here a body that is not given up costs little. */
const SMALL = 16_384;

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
    const { bytes, cancel } = this.#begin(request, format);
    // By hand what Promise.race does at several times the cost.
    return new Promise((resolve) => {
      const deadline = this.#deadlines.add(() => {
        resolve(this.#late());
        cancel();
      });
      const settle = (answer: Uint8Array | Response) => {
        this.#deadlines.delete(deadline);
        resolve(answer);
      };
      bytes.then(
        (body) => settle(body ?? this.#tooLarge()),
        // Nobody else can be told: the body broke off, or is not compressed as it says.
        () => settle(new Response("The body can't be read\n", { status: 400 })),
      );
    });
  }

  /** Begins to read; the bytes are undefined when they exceed the limit before or after inflating. */
  #begin(request: Request, format: Format): Reading {
    const length = Number(request.headers.get("content-length") ?? NaN);
    if (length > this.#maxBytes) return { bytes: Promise.resolve(undefined), cancel() {} };
    // A small body is read at once, which is much faster but can't be given up.
    const reading = length <= Math.min(SMALL, this.#maxBytes)
      ? { bytes: request.bytes(), cancel() {} }
      : stream(request.body, this.#maxBytes);
    if (format === "identity") return reading;
    return { ...reading, bytes: inflated(reading.bytes, this.#maxBytes, format) };
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

/** A body that is being read. */
interface Reading {
  readonly bytes: Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Gives it up, so that what still comes is not kept. */
  readonly cancel: () => void;
}

/** Reads a body piece by piece, until it is given up. */
function stream(body: Request["body"], maxBytes: number): Reading {
  const stop = new AbortController();
  const through = body?.pipeThrough(new TransformStream(), { signal: stop.signal }) ?? null;
  return { bytes: readBody(through, maxBytes), cancel: () => stop.abort() };
}

async function inflated(
  sent: Promise<Uint8Array<ArrayBuffer> | undefined>,
  maxBytes: number,
  format: CompressionFormat,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await sent;
  if (bytes === undefined) return undefined;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  return await readBody(stream, maxBytes);
}

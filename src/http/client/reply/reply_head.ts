/** Status line and headers of a reply. */
export interface ReplyHead {
  /** Status, 100 to 599. */
  readonly status: number;
  /** Headers by name in lower case; repeated ones are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the server keeps the connection open after this reply. */
  readonly isKeptAlive: boolean;
}

/** Length of a body: a number of bytes, in chunks, or whatever comes until the end. */
export type BodyFraming = number | "chunked" | "until-close";

/**
 * Parses the head of a reply (RFC 9112, sections 4 and 5), without the empty line.
 *
 * @throws {SyntaxError} if it is not an HTTP/1.0 or 1.1 reply
 */
export function parseReplyHead(text: string): ReplyHead {
  const found = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |\r?\n|$)/.exec(text);
  if (found === null) throw new SyntaxError("the reply is not HTTP/1.1");
  const headers = readHeaders(text);
  const connection = headers.get("connection")?.toLowerCase().split(/[\s,]+/) ?? [];
  const isKeptAlive = found[1] === "1"
    ? !connection.includes("close")
    : connection.includes("keep-alive");
  return { status: Number(found[2]), headers, isKeptAlive };
}

/** Reads the lines after the first one. */
function readHeaders(text: string): Map<string, string> {
  // A line that begins with a space continues the one before it.
  const unfolded = /\n[ \t]/.test(text) ? text.replace(/\r?\n[ \t]+/g, " ") : text;
  const headers = new Map<string, string>();
  for (let at = unfolded.indexOf("\n") + 1; at > 0;) {
    const next = unfolded.indexOf("\n", at) + 1;
    const end = next === 0 ? unfolded.length : next - 1;
    addHeader(headers, unfolded.slice(at, unfolded[end - 1] === "\r" ? end - 1 : end));
    at = next;
  }
  return headers;
}

function addHeader(headers: Map<string, string>, line: string): void {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon).toLowerCase();
  if (colon < 1 || /[\s]/.test(name)) throw new SyntaxError("the reply has a malformed header");
  const value = line.slice(colon + 1).trim();
  const before = headers.get(name);
  headers.set(name, before === undefined ? value : `${before}, ${value}`);
}

/**
 * Returns how the body of a reply ends (RFC 9112, section 6.3).
 *
 * @throws {SyntaxError} if the headers contradict each other
 */
export function readFraming({ status, headers }: ReplyHead, method: string): BodyFraming {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return 0;
  const encoding = headers.get("transfer-encoding")?.toLowerCase();
  const length = headers.get("content-length");
  if (encoding !== undefined) {
    if (encoding !== "chunked" || length !== undefined) {
      throw new SyntaxError("the reply has a transfer coding that can't be read");
    }
    return "chunked";
  }
  if (length === undefined) return "until-close";
  const [first = "", ...others] = length.split(",").map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) {
    throw new SyntaxError("the reply has an invalid content length");
  }
  return Number(first);
}

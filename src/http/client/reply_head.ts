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
  const [statusLine = "", ...lines] = text.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const found = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(statusLine);
  if (found === null) throw new SyntaxError("the reply is not HTTP/1.1");
  const headers = new Map<string, string>();
  for (const line of lines) addHeader(headers, line);
  const connection = headers.get("connection")?.toLowerCase().split(/[\s,]+/) ?? [];
  const isKeptAlive = found[1] === "1"
    ? !connection.includes("close")
    : connection.includes("keep-alive");
  return { status: Number(found[2]), headers, isKeptAlive };
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

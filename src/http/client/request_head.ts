import type { HttpTarget } from "./http_target.ts";

/** Name and value of a header. */
export type HeaderEntry = readonly [name: string, value: string];

/** Parts of a request head besides the headers of the caller. */
export interface RequestLine {
  /** Method, such as `POST`. */
  readonly method: string;
  /** Address of the request. */
  readonly target: HttpTarget;
  /** Proxy that reads the request; it needs the absolute form of the URL. */
  readonly proxy: HttpTarget | undefined;
  /** Whether to ask the server to close the connection after its reply. */
  readonly isLast: boolean;
  /** Length of the body in bytes. */
  readonly contentLength: number;
}

/** Headers of a request, checked and formatted once for all requests that have them. */
export class PreparedHeaders implements Iterable<HeaderEntry> {
  /** The lines, each with its end. */
  readonly text: string;
  /** Whether one of them is `authorization`. */
  readonly isAuthorized: boolean;
  readonly #before: PreparedHeaders | undefined;
  readonly #entries: readonly HeaderEntry[];

  /**
   * Checks and formats headers.
   *
   * @param before headers that come first; they are not checked again
   * @throws {TypeError} if a header has a name or value that would break the head, or is one of
   * the client's own
   */
  constructor(headers: Iterable<HeaderEntry>, before?: PreparedHeaders) {
    this.#before = before;
    this.#entries = [...headers];
    let text = before?.text ?? "";
    let isAuthorized = before?.isAuthorized ?? false;
    for (const [name, value] of this.#entries) {
      checkHeader(name, value);
      text += `${name}: ${value}\r\n`;
      if (name.length === 13 && name.toLowerCase() === "authorization") isAuthorized = true;
    }
    this.text = text;
    this.isAuthorized = isAuthorized;
  }

  /** Returns the headers again. */
  *[Symbol.iterator](): Iterator<HeaderEntry> {
    if (this.#before !== undefined) yield* this.#before;
    for (const [name, value] of this.#entries) yield [name, value];
  }
}

/**
 * Returns the head of an HTTP/1.1 request, with the empty line that ends it. `host`,
 * `content-length`, `connection` and `transfer-encoding` are the client's own.
 *
 * @throws {TypeError} if a header can't be sent, as {@link PreparedHeaders}
 */
export function formatRequestHead(line: RequestLine, headers: Iterable<HeaderEntry>): string {
  const { method, target, proxy } = line;
  const { text, isAuthorized } = headers instanceof PreparedHeaders
    ? headers
    : new PreparedHeaders(headers);
  const form = proxy === undefined ? target.path : target.origin + target.path;
  let head = `${method} ${form} HTTP/1.1\r\nhost: ${target.host}\r\n${text}`;
  const { authorization } = target;
  if (authorization !== undefined && !isAuthorized) head += `authorization: ${authorization}\r\n`;
  if (proxy?.authorization !== undefined) {
    head += `proxy-authorization: ${proxy.authorization}\r\n`;
  }
  if (line.isLast) head += "connection: close\r\n";
  return `${head}content-length: ${line.contentLength}\r\n\r\n`;
}

/** Names that were checked, and the last value of each; most calls have the same. */
const CHECKED = new Map<string, string>();

/** Largest number of names that are kept, and longest of these and of their values. */
const MAX_CHECKED = 100;
const MAX_CHECKED_LENGTH = 100;

/**
 * Checks a header that a caller wants to send.
 *
 * @throws {TypeError} if it can't be sent
 */
function checkHeader(name: string, value: string): void {
  const before = CHECKED.get(name);
  if (before === value) return;
  if (before === undefined) checkName(name);
  if (!/^[\t\x20-\x7e]*$/.test(value)) {
    throw new TypeError(`Cannot send the header ${name}: the value is not printable ASCII`);
  }
  const isKept = before !== undefined || CHECKED.size < MAX_CHECKED;
  if (isKept && name.length + value.length <= MAX_CHECKED_LENGTH) CHECKED.set(name, value);
}

function checkName(name: string): void {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw new TypeError(`Cannot send the header ${JSON.stringify(name)}: the name is invalid`);
  }
  if (/^(?:host|content-length|connection|transfer-encoding)$/i.test(name)) {
    throw new TypeError(`Cannot send the header ${name}: the client sets it by itself`);
  }
}

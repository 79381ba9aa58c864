import { XmlRpcSyntaxError } from "./errors.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
/** Longest reference that is looked at; a number may have leading zeros. */
const MAX_REFERENCE = 64;
/**
 * Resolves the references of a text, once each.
 *
 * @param from where the text stands in the document, for errors
 * @param joinsSurrogates whether two references to the halves of a character are read as it
 */
export function resolve(raw: string, from: number, joinsSurrogates: boolean): string {
  let at = raw.indexOf("&");
  if (at < 0) return detached(raw);
  const parts = [];
  let done = 0;
  for (; at >= 0; at = raw.indexOf("&", done)) {
    const start = raw.slice(at, at + MAX_REFERENCE);
    const pair = joinsSurrogates ? SURROGATES.exec(start) : null;
    const length = pair?.[0].length ?? start.indexOf(";") + 1;
    const name = start.slice(1, Math.max(length - 1, 1));
    const character = pair === null ? ENTITIES.get(name) ?? characterOf(name) : joined(pair);
    if (character === undefined) {
      throw new XmlRpcSyntaxError(`Cannot read the reference &${name || "..."};`, from + at);
    }
    parts.push(raw.slice(done, at), character);
    done = at + length;
  }
  parts.push(raw.slice(done));
  return parts.join("");
}

/**
 * A copy of a slice. V8 keeps the whole text alive for a slice of it, so that one
 * string kept of a large document would cost as much as the document.
 */
export function detached(slice: string): string {
  return ` ${slice}`.slice(1);
}

/** Two references to the halves of one character, as Apache's writer sends them. */
const SURROGATES = /^&#(5[5-7]\d{3});&#(5[5-7]\d{3});/;

function joined([, high, low]: RegExpExecArray): string | undefined {
  const text = String.fromCharCode(Number(high), Number(low));
  return text.isWellFormed() ? text : undefined;
}

function characterOf(reference: string): string | undefined {
  const match = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(reference);
  if (match === null) return undefined;
  const code = match[1] === undefined ? parseInt(match[2] ?? "", 10) : parseInt(match[1], 16);
  const isLegal = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  return isLegal ? String.fromCodePoint(code) : undefined;
}

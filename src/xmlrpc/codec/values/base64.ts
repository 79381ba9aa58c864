const DIGITS = /^[A-Za-z0-9+/ \t\n\r]*(?:=[ \t\n\r]*){0,2}$/;
const SPACE = 0x20, EQUALS = 0x3d;

/** Decodes base64, with white space anywhere and with or without padding. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (!DIGITS.test(text)) return undefined;
  const padding = text.includes("=") ? count(text, (code) => code === EQUALS) : 0;
  const spaces = /[ \t\n\r]/.test(text) ? count(text, (code) => code <= SPACE) : 0;
  const digits = text.length - padding - spaces;
  if (digits % 4 === 1 || (padding > 0 && (digits + padding) % 4 !== 0)) return undefined;
  return new Uint8Array(Buffer.from(text, "base64")); // a copy of its own, of a shared pool
}

/** Counts characters; a string without the others would take as much memory again. */
function count(text: string, matches: (code: number) => boolean): number {
  let found = 0;
  for (let at = 0; at < text.length; at++) if (matches(text.charCodeAt(at))) found++;
  return found;
}

/** Encodes base64 in one line. */
export function formatBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Returns the bytes of binary data; `undefined` for other values and typed arrays. */
export function viewBytes(value: object): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return undefined;
}

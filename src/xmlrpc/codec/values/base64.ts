/** Decodes base64, with white space anywhere and with or without padding. */
export function parseBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/[ \t\n\r]+/g, "");
  const body = compact.replace(/={1,2}$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(body) || body.length % 4 === 1) return undefined;
  if (body !== compact && compact.length % 4 !== 0) return undefined;
  return Uint8Array.from(Buffer.from(body, "base64"));
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

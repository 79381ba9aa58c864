/** Header of a reply to a request that was refused before anything ran; its value is `no`. */
export const EXECUTED_HEADER = "x-osgi-executed";

/** Returns a response with the header that says that nothing ran. */
export function toRefusal({ body, status, headers }: Response): Response {
  const all = new Headers(headers);
  all.set(EXECUTED_HEADER, "no");
  return new Response(body, { status, headers: all });
}

/**
 * Returns the reply to a request that was refused before anything ran, and says so in
 * `x-osgi-executed: no`: a client may send it again elsewhere.
 *
 * @param reason one line of plain text
 */
export function createRefusal(
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${reason}\n`, { status, headers: { ...headers, [EXECUTED_HEADER]: "no" } });
}

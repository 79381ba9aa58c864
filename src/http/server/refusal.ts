/** Header of a reply to a request that was refused before anything ran; its value is `no`. */
export const EXECUTED_HEADER = "x-osgi-executed";

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

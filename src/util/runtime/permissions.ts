/**
 * Returns advice for an error that means that Deno may not use the network; `undefined` for
 * other errors.
 *
 * @param address host and port that were to be used
 * @example
 * ```ts
 * const error = new Deno.errors.NotCapable("Requires net access");
 * console.log(explainPermission(error, "h:1")); // Deno may not use h:1; run it with --allow-net=h:1
 * ```
 */
export function explainPermission(error: unknown, address: string): string | undefined {
  if (typeof globalThis.Deno === "undefined" || !(error instanceof Error)) return undefined;
  const isMissing = error.name === "NotCapable" || isRefusedLookup(error);
  return isMissing ? `Deno may not use ${address}; run it with --allow-net=${address}` : undefined;
}

/**
 * Whether a name was not looked up because the permission is missing. The system never refuses
 * that.
 */
function isRefusedLookup(error: Error): boolean {
  return "code" in error && error.code === "EPERM" &&
    "syscall" in error && error.syscall === "getaddrinfo";
}

/**
 * Asks for the permission to use an address, as Deno itself does. Its `node:http` reports a
 * refusal where no program can catch it.
 *
 * @throws {Deno.errors.NotCapable} if it is refused
 */
export function requestNetPermission(hostname: string, port: number): void {
  if (typeof globalThis.Deno?.permissions?.requestSync !== "function") return;
  const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  if (Deno.permissions.requestSync({ name: "net", host }).state === "granted") return;
  throw new Deno.errors.NotCapable(`Requires net access to ${JSON.stringify(host)}`);
}

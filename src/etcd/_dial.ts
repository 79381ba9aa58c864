import { connect } from "node:net";
import { EtcdError } from "./errors.ts";

/** The host of `host:port`, without the brackets of an IPv6 address. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}

/** A member that can't be reached, and why. */
export function connectError(endpoint: string, reason: string, cause?: unknown): EtcdError {
  return new EtcdError("unavailable", `Cannot connect to etcd at ${endpoint}: ${reason}`, {
    endpoint,
    cause,
  });
}

/**
 * Finds the address of a member by a bare TCP connection, and gives it in the form of
 * gRPC. A refusal is then an error with its reason, where a channel would say only
 * that it failed and go on in the dark; and names are resolved as everywhere else.
 */
export async function reachableAddress(
  endpoint: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const host = hostOf(endpoint);
  const port = Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, timeout: timeoutMs }, resolve);
  const onAbort = () => reject(signal.reason);
  socket.once("timeout", () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  socket.once("error", reject);
  signal.addEventListener("abort", onAbort);
  try {
    await promise;
    const { remoteAddress = host, remoteFamily } = socket;
    return remoteFamily === "IPv6"
      ? `ipv6:[${remoteAddress}]:${port}`
      : `ipv4:${remoteAddress}:${port}`;
  } catch (cause) {
    signal.throwIfAborted();
    throw connectError(endpoint, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    signal.removeEventListener("abort", onAbort);
    socket.destroy();
  }
}

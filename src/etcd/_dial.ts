import { Buffer } from "node:buffer";
import { type ClientHttp2Session, connect } from "node:http2";
import { EtcdError } from "./errors.ts";
import type { Pem, ResolvedEtcdOptions } from "./options.ts";

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
 * Speaks HTTP/2 with a member once, and gives its address in the form of gRPC. A
 * refusal, a certificate or a mute peer is then an error with its reason, and nothing
 * is left of the attempt; a channel would say only that it failed, and go on in the
 * dark. Names are resolved as everywhere else, so that no other permission is needed.
 */
export async function reachableAddress(
  endpoint: string,
  { tls, dialTimeoutMs }: ResolvedEtcdOptions,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const session = connect(`${tls === undefined ? "http" : "https"}://${endpoint}`, {
    ...(tls?.ca === undefined ? {} : { ca: bufferOf(tls.ca) }),
    ...(tls?.cert === undefined ? {} : { cert: bufferOf(tls.cert) }),
    ...(tls?.key === undefined ? {} : { key: bufferOf(tls.key) }),
    ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
  });
  const onAbort = () => reject(signal.reason);
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${dialTimeoutMs} ms`)),
    dialTimeoutMs,
  );
  session.once("remoteSettings", () => resolve());
  session.once("close", () => reject(new Error("the connection was closed")));
  session.on("error", reject); // also after the end, where nobody minds
  signal.addEventListener("abort", onAbort);
  try {
    await promise;
    return addressOf(session.socket, endpoint);
  } catch (cause) {
    signal.throwIfAborted();
    throw connectError(endpoint, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    session.destroy();
  }
}

function addressOf(socket: ClientHttp2Session["socket"], endpoint: string): string {
  const { remoteAddress = hostOf(endpoint), remotePort } = socket;
  return remoteAddress.includes(":")
    ? `ipv6:[${remoteAddress}]:${remotePort}`
    : `ipv4:${remoteAddress}:${remotePort}`;
}

/** A PEM as Node's and gRPC's TLS want it. */
export function bufferOf(pem: Pem): Buffer {
  return typeof pem === "string" ? Buffer.from(pem) : Buffer.from(pem);
}

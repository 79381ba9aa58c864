import { Buffer } from "node:buffer";
import { type ClientHttp2Session, connect } from "node:http2";
import { isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  type ConnectionOptions,
  type TLSSocket,
} from "node:tls";
import { EtcdError } from "../errors.ts";
import type { Pem, ResolvedEtcdOptions, TlsOptions } from "../options.ts";

/** The host of `host:port`, without the brackets of an IPv6 address. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}

/** A member that can't be reached, and why. */
export function createConnectError(endpoint: string, reason: string, cause?: unknown): EtcdError {
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
    ...(tls === undefined ? {} : connectionOptionsOf(endpoint, tls)),
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
    throw createConnectError(
      endpoint,
      cause instanceof Error ? cause.message : String(cause),
      cause,
    );
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

/** Puts TLS around a socket that is connected to a member. */
export function secured(socket: Socket, endpoint: string, tls: TlsOptions): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const secure = connectTls({ socket, ...connectionOptionsOf(endpoint, tls) });
  secure.once("secureConnect", () => resolve(secure));
  secure.on("error", reject); // also after the end, where nobody minds
  return promise;
}

/** The name that the certificate is checked for is sent too, unless it is an address. */
function connectionOptionsOf(endpoint: string, tls: TlsOptions): ConnectionOptions {
  const host = tls.serverName ?? hostOf(endpoint);
  return {
    ALPNProtocols: ["h2"],
    ...(isIP(host) === 0
      ? { servername: host }
      : { checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) }),
    ...(tls.ca === undefined ? {} : { ca: bufferOf(tls.ca) }),
    ...(tls.cert === undefined ? {} : { cert: bufferOf(tls.cert) }),
    ...(tls.key === undefined ? {} : { key: bufferOf(tls.key) }),
  };
}

function bufferOf(pem: Pem): Buffer {
  return typeof pem === "string" ? Buffer.from(pem) : Buffer.from(pem);
}

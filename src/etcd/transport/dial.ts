import { Buffer } from "node:buffer";
import { connect, isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  type ConnectionOptions,
  type TLSSocket,
} from "node:tls";
import { EtcdError } from "../errors.ts";
import type { Pem, TlsOptions } from "../options.ts";
import {
  type Clock,
  explainPermission,
  guardPeerCertificate,
  openSignalPipe,
  toMessage,
  toPrintable,
  waitFor,
} from "../../util/mod.ts";
import { FrameScanner, hasGoAway, isServerPreface } from "./frame_guard.ts";

/** First bytes of a client of HTTP/2: its preface and empty settings (RFC 9113, section 3.4). */
const CLIENT_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/** Limits of an attempt to connect. */
export interface DialLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Source of time. @default the clock of the machine */
  readonly clock?: Clock | undefined;
}

/** Creates the error of a member that can't be reached. */
export function createConnectError(endpoint: string, reason: string, cause?: unknown): EtcdError {
  return new EtcdError("unavailable", `Cannot connect to etcd at ${endpoint}: ${reason}`, {
    endpoint,
    cause,
  });
}

/**
 * Connects to a member once, speaks HTTP/2 and disconnects. A refusal, a certificate or a mute
 * peer is then an error with its reason; a channel would only report that it failed. Names
 * are resolved as by every socket, so that no other permission is needed.
 *
 * @returns the member's address in the form of gRPC
 * @throws {EtcdError} `unavailable` with the reason
 * @throws the signal's reason
 */
export async function findAddress(
  endpoint: string,
  tls: TlsOptions | undefined,
  limits: DialLimits,
): Promise<string> {
  return await dialOnce(endpoint, limits, (socket) => probeMember(socket, endpoint, tls));
}

/** Uses a socket to a member once, within limits, and closes it. */
async function dialOnce<T>(
  endpoint: string,
  { timeoutMs, signal, clock }: DialLimits,
  use: (socket: Socket) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  openSignalPipe();
  const socket = connect(toHostAndPort(endpoint));
  const createTimeoutError = () => new Error(`no answer within ${timeoutMs} ms`);
  try {
    return await waitFor(use(socket), { timeoutMs, signal, clock, createTimeoutError });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = explainPermission(cause, endpoint) ?? toPrintable(toMessage(cause));
    throw createConnectError(endpoint, reason, cause);
  } finally {
    socket.destroy();
  }
}

async function probeMember(
  socket: Socket,
  endpoint: string,
  tls: TlsOptions | undefined,
): Promise<string> {
  await waitUntilConnected(socket);
  const address = toGrpcAddress(socket, endpoint);
  const secure = tls === undefined ? socket : await startTls(socket, endpoint, tls);
  secure.write(CLIENT_PREFACE);
  // In TLS 1.3 a member refuses the client's certificate after the handshake. Its alert may be lost.
  const closed = tls === undefined ? "" : " after the TLS handshake";
  await readServerPreface(secure, `the connection was closed${closed}`);
  return address;
}

function waitUntilConnected(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve);
  socket.once("close", () => reject(new Error("the connection was closed")));
  socket.on("error", reject); // stays, since an error without a listener ends the process
  return promise;
}

function readServerPreface(socket: Socket, closedReason: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const scanner = new FrameScanner();
  socket.on("data", (chunk: Buffer) => {
    const types = scanner.scan(chunk);
    if (types.length === 0) return;
    if (hasGoAway(types)) reject(new Error("the server is shutting down (GOAWAY)"));
    else if (isServerPreface(types)) resolve();
    else reject(new Error("the server does not speak HTTP/2"));
  });
  socket.once("close", () => reject(new Error(closedReason)));
  socket.on("error", reject);
  return promise;
}

/**
 * Puts TLS around a socket that is connected to a member.
 *
 * @throws the reason why the handshake failed
 */
export function startTls(socket: Socket, endpoint: string, tls: TlsOptions): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const secure = connectTls({ socket, ...toConnectionOptions(endpoint, tls) });
  guardPeerCertificate(secure);
  secure.once("secureConnect", () => resolve(secure));
  secure.once("close", () => reject(new Error("the connection was closed")));
  secure.on("error", reject); // stays, since an error without a listener ends the process
  return promise;
}

/** Certificate that a member shows. */
export interface MemberCertificate {
  /** First moment at which it is valid. */
  readonly validFrom: Date;
  /** Last moment at which it is valid. */
  readonly validTo: Date;
  /** Hosts and addresses that it is for, such as `DNS:localhost, IP Address:127.0.0.1`. */
  readonly names: string | undefined;
  /** Reason why it is not accepted; `undefined` if it is. */
  readonly problem: string | undefined;
}

/**
 * Returns the certificate that a member shows, also one that is not accepted.
 *
 * @throws {EtcdError} `unavailable` if there is no TLS at the endpoint
 */
export async function readCertificate(
  endpoint: string,
  tls: TlsOptions,
  limits: DialLimits,
): Promise<MemberCertificate> {
  return await dialOnce(endpoint, limits, (socket) => probeCertificate(socket, endpoint, tls));
}

async function probeCertificate(
  socket: Socket,
  endpoint: string,
  tls: TlsOptions,
): Promise<MemberCertificate> {
  await waitUntilConnected(socket);
  const secure = await startTls(socket, endpoint, { ...tls, insecureSkipVerify: true });
  const certificate = secure.getPeerCertificate();
  const host = tls.serverName ?? toHostAndPort(endpoint).host;
  const refusal = secure.authorized ? checkServerIdentity(host, certificate) : undefined;
  return {
    validFrom: new Date(certificate.valid_from),
    validTo: new Date(certificate.valid_to),
    names: certificate.subjectaltname,
    problem: secure.authorized ? refusal?.message : String(secure.authorizationError),
  };
}

/** Returns the host, without the brackets of an IPv6 address, and the port of an endpoint. */
function toHostAndPort(endpoint: string): { readonly host: string; readonly port: number } {
  const colon = endpoint.lastIndexOf(":");
  const host = endpoint.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { host, port: Number(endpoint.slice(colon + 1)) };
}

function toGrpcAddress(socket: Socket, endpoint: string): string {
  const { host, port } = toHostAndPort(endpoint);
  const { remoteAddress = host } = socket;
  return remoteAddress.includes(":")
    ? `ipv6:[${remoteAddress}]:${port}`
    : `ipv4:${remoteAddress}:${port}`;
}

/** The name that the certificate is checked for is sent too, unless it is an address. */
function toConnectionOptions(endpoint: string, tls: TlsOptions): ConnectionOptions {
  const host = tls.serverName ?? toHostAndPort(endpoint).host;
  return {
    ALPNProtocols: ["h2"],
    ...(tls.insecureSkipVerify === true ? { rejectUnauthorized: false } : {}),
    ...(isIP(host) === 0
      ? { servername: host }
      : { checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) }),
    ...(tls.ca === undefined ? {} : { ca: toBuffer(tls.ca) }),
    ...(tls.cert === undefined ? {} : { cert: toBuffer(tls.cert) }),
    ...(tls.key === undefined ? {} : { key: toBuffer(tls.key) }),
  };
}

function toBuffer(pem: Pem): Buffer {
  return typeof pem === "string" ? Buffer.from(pem) : Buffer.from(pem);
}

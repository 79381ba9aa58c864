import { guardPeerCertificate, loadBuiltin, onAbort, openSignalPipe } from "../../util/mod.ts";
import type { Socket } from "node:net";
import type { HttpTarget } from "./http_target.ts";
import { type RawReply, ReplyReader } from "./reply/mod.ts";

/** Settings of TLS; all PEM. */
export interface HttpClientTls {
  /** Certificates of the authorities to trust. @default those of the runtime */
  readonly ca?: string;
  /** Certificate chain of this client. */
  readonly cert?: string;
  /** Private key of `cert`. */
  readonly key?: string;
}

/** How to connect. */
export interface DialOptions {
  /** Settings of TLS. */
  readonly tls?: HttpClientTls | undefined;
  /** Proxy that all requests go through. */
  readonly proxy?: HttpTarget | undefined;
}

/** A byte stream to a server or its proxy. This folder alone knows what makes it. */
export type Connectable = Socket;

/** Largest reply of a proxy to CONNECT. */
const MAX_TUNNEL_REPLY_BYTES = 65_536;

/**
 * Connects to the server of a target, or to the proxy. The signal ends the attempt.
 *
 * @throws the error of the socket, or the signal's reason; nothing of a request was sent
 */
export async function dial(
  target: HttpTarget,
  { tls, proxy }: DialOptions,
  signal: AbortSignal,
): Promise<Socket> {
  openSignalPipe();
  const socket = await openSocket(proxy ?? target, signal);
  if (!target.isTls) return socket;
  if (proxy !== undefined) await openTunnel(socket, target, proxy, signal);
  return await secure(socket, target, tls ?? {}, signal);
}

function openSocket({ hostname, port }: HttpTarget, signal: AbortSignal): Promise<Socket> {
  const socket = loadBuiltin("node:net").connect({ host: hostname, port, noDelay: true });
  return waitForEvent(socket, "connect", signal);
}

/**
 * Calls a function after a time of no interest to anything else: it neither keeps the process
 * alive nor counts as a timer that a test has left. It is the time-out of a socket that is never
 * connected; that of a connected one is started anew by each read and write, 1 µs of a call.
 *
 * @returns a function that stops it
 */
export function startQuietTimer(delayMs: number, onTimeout: () => void): () => void {
  const { Socket } = loadBuiltin("node:net");
  const socket = new Socket().setTimeout(delayMs, onTimeout);
  return () => void socket.destroy();
}

/** Upgrades a socket to TLS and checks the name of the server. */
function secure(
  socket: Socket,
  { hostname }: HttpTarget,
  tls: HttpClientTls,
  signal: AbortSignal,
): Promise<Socket> {
  const secured = loadBuiltin("node:tls").connect({
    socket,
    host: hostname,
    ...(loadBuiltin("node:net").isIP(hostname) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: ["http/1.1"],
    ...tls,
  });
  guardPeerCertificate(secured);
  return waitForEvent(secured, "secureConnect", signal);
}

/** Resolves with a socket once it has emitted an event; destroys it otherwise. */
async function waitForEvent<S extends Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(new Error("the server closed the connection"));
  socket.once(event, resolve).on("error", reject).on("close", onClose);
  using _subscription = onAbort(signal, () => reject(signal.reason));
  try {
    await promise;
    socket.off("error", reject);
    return socket;
  } catch (error) {
    socket.on("error", () => {}); // one that follows says nothing new
    socket.destroy();
    throw error;
  } finally {
    socket.off("close", onClose);
  }
}

/** Asks a proxy for a tunnel to the target (RFC 9110, section 9.3.6). */
async function openTunnel(
  socket: Socket,
  target: HttpTarget,
  proxy: HttpTarget,
  signal: AbortSignal,
): Promise<void> {
  const authority = `${target.host.replace(/:\d+$/, "")}:${target.port}`;
  const credentials = proxy.authorization === undefined
    ? ""
    : `proxy-authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`);
  const { status } = await readTunnelReply(socket, signal);
  if (status >= 200 && status < 300) return;
  socket.destroy();
  throw new Error(`the proxy refuses the tunnel with status ${status}`);
}

async function readTunnelReply(socket: Socket, signal: AbortSignal): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  const reader = new ReplyReader("HEAD", MAX_TUNNEL_REPLY_BYTES);
  const onData = (chunk: Uint8Array) => {
    try {
      const reply = reader.push(chunk);
      if (reply !== undefined) resolve(reply);
    } catch (error) {
      reject(error);
    }
  };
  const onClose = () => reject(new Error("the proxy closed the connection"));
  socket.on("data", onData).on("error", reject).on("close", onClose);
  using _subscription = onAbort(signal, () => reject(signal.reason));
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    socket.pause().off("data", onData).off("error", reject).off("close", onClose);
  }
}

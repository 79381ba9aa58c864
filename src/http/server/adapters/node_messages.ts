import { pollSockets } from "../../../util/mod.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { NodeBody } from "./node_body.ts";

/** Request target with scheme and host, as a proxy is sent: authority, then path and query. */
const ABSOLUTE_TARGET = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Converts a request of `node:http`; its body streams. Returns `undefined` if no URL can have its
 * host or there are two (RFC 9112, section 3.2), or if the method is one that Fetch forbids.
 */
export function toRequest(
  message: IncomingMessage,
  sent: NodeBody | undefined,
  scheme: "http" | "https",
  signal: AbortSignal,
): Request | undefined {
  const { method = "GET", url = "/", headers, rawHeaders } = message;
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    list.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  }
  const [, authority = headers.host, rest = url] = ABSOLUTE_TARGET.exec(url) ?? [];
  const hosts = list.filter(([name]) => name.length === 4 && name.toLowerCase() === "host");
  const origin = hosts.length > 1 ? undefined : toOrigin(scheme, authority);
  if (origin === undefined || /^(?:TRACE|TRACK|CONNECT)$/i.test(method)) return undefined;
  const isBodyless = sent === undefined || method === "GET" || method === "HEAD";
  // Put together, not resolved: "//a" is a path here, and not the host a.
  const target = URL.parse(origin + (rest.startsWith("/") ? rest : "/")) ?? new URL(origin);
  const init = { method, headers: list, signal };
  // `duplex` is required for streams by Node and unknown to the types of Deno.
  const body = isBodyless ? {} : { body: sent.stream, duplex: "half" };
  return new Request(target, { ...init, ...body });
}

/** Returns the origin of a host, `localhost` if none is named; `undefined` if it is invalid. */
function toOrigin(scheme: "http" | "https", host = ""): string | undefined {
  if (host === "") return `${scheme}://localhost`;
  if (/[\s/\\?#@]/.test(host)) return undefined;
  // Some programs send the zone of a link-local address, as in [fe80::1%eth0].
  return URL.parse(`${scheme}://${host.replace(/^(\[[\da-f:.]*)%[^\]]*\]/i, "$1]")}`)?.origin;
}

/**
 * Writes a response. A body that is complete at once gets a length, because not every client
 * reads chunks; any other streams.
 *
 * @param sent body of the request
 */
export async function writeResponse(
  response: Response,
  sent: NodeBody | undefined,
  { message, reply, isLast }: { message: IncomingMessage; reply: ServerResponse; isLast: boolean },
): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  // Without the rest of the request, nothing can follow it on the connection.
  if (isLast || !message.complete) headers["connection"] = "close";
  try {
    const reader = response.body?.getReader();
    if (reader === undefined) return void reply.writeHead(response.status, headers).end();
    const isWhole = await writeBody(reader, reply, (length) => {
      if (length !== undefined) headers["content-length"] = String(length);
      reply.writeHead(response.status, headers);
    });
    if (isWhole && !message.complete) {
      reply.flushHeaders();
      await sent?.drop();
    }
    reply.end();
  } catch {
    reply.destroy(); // the body failed: the client must not take the rest for an answer
  } finally {
    if (!message.complete) {
      if (reply.writableFinished) message.destroy();
      else reply.once("finish", () => message.destroy());
    }
  }
}

/** Writes a body; returns whether the client knows that it is whole before the end. */
async function writeBody(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  reply: ServerResponse,
  writeHead: (length?: number) => void,
): Promise<boolean> {
  reply.once("close", () => void reader.cancel().catch(() => {}));
  const first = await reader.read();
  if (first.done) {
    writeHead(0);
    return true;
  }
  const following = reader.read();
  let isComplete = false;
  following.then(({ done }) => isComplete = done, () => {});
  await Promise.race([following, pollSockets(() => isComplete)]);
  writeHead(isComplete ? first.value.length : undefined);
  await write(reply, first.value);
  for (let part = await following; !part.done; part = await reader.read()) {
    await write(reply, part.value);
  }
  return isComplete;
}

/** Writes a part; resolves once the connection takes more. */
async function write(reply: ServerResponse, part: Uint8Array): Promise<void> {
  if (reply.write(part) || reply.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  reply.once("drain", resolve).once("close", resolve);
  await promise;
  reply.off("drain", resolve).off("close", resolve);
}

/** A TCP server whose connections a test handles byte by byte. */
export interface TcpServer extends AsyncDisposable {
  readonly port: number;
  /** Connections that were accepted. */
  readonly connections: number;
}

/** Starts a server; each connection is handled, then closed. */
export function serveTcp(handle: (connection: Deno.TcpConn) => Promise<void>): TcpServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const handlers = new Set<Promise<void>>();
  let connections = 0;
  const handleOne = async (connection: Deno.TcpConn) => {
    connections++;
    open.add(connection);
    try {
      await handle(connection);
    } catch {
      // The peer went away.
    } finally {
      if (open.delete(connection)) closeQuietly(connection);
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) {
      const handler = handleOne(connection);
      handlers.add(handler);
      handler.finally(() => handlers.delete(handler));
    }
  })();
  return {
    port: listener.addr.port,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) {
        open.delete(connection);
        closeQuietly(connection);
      }
      await accepting;
      await Promise.all(handlers);
    },
  };
}

/** A server that reads what comes and never answers. */
export interface SilentServer extends TcpServer {
  /** Resolves when bytes come from now on: those of a request, or of a TLS handshake. */
  hears(): Promise<void>;
}

/** Starts a server that never answers. */
export function serveSilence(): SilentServer {
  let heard = Promise.withResolvers<void>();
  const server = serveTcp(async (connection) => {
    while (await connection.read(new Uint8Array(1000)) !== null) {
      heard.resolve();
      heard = Promise.withResolvers<void>();
    }
  });
  return Object.assign(server, { hears: () => heard.promise });
}

/** A server that drops each connection after the work of its second request. */
export interface DroppingServer extends TcpServer {
  /** Number of executions, by the body of the request. */
  readonly executions: ReadonlyMap<string, number>;
}

/** Starts a server that answers the first request of a connection, and drops it at the second. */
export function serveAndDrop(): DroppingServer {
  const executions = new Map<string, number>();
  const server = serveTcp(async (connection) => {
    for (let index = 0; index < 2; index++) {
      const body = /<\d+>/.exec(await readRequest(connection) ?? "")?.[0];
      if (body === undefined) return;
      executions.set(body, (executions.get(body) ?? 0) + 1);
      if (index === 0) {
        await writeText(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      }
    }
  });
  return Object.assign(server, { executions });
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The handler closed it.
  }
}

/** Reads one request with a length; returns undefined at the end of the connection. */
export async function readRequest(connection: Deno.TcpConn): Promise<string | undefined> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (end >= 0 && text.length >= end + 4 + length) return text;
    const count = await connection.read(buffer);
    if (count === null) return undefined;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
}

/** Writes a string as Latin-1. */
export async function writeText(connection: Deno.TcpConn, text: string): Promise<void> {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

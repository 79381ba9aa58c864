import assert from "node:assert/strict";
import { createXmlRpcHandler, encodeMethodCall, XmlRpcClient } from "../../src/xmlrpc/mod.ts";

const BODY = encodeMethodCall("echo", ["x"]);
const HEAD = "POST /RPC2 HTTP/1.1\r\nHost: server\r\nContent-Type: text/xml\r\n";

/** Starts a server with short limits; returns it with raw connections that close at the end. */
function slowPeers(maxPendingRequests: number, bodyTimeoutMs: number) {
  const handle = createXmlRpcHandler({ echo: (value) => value }, {
    maxPendingRequests,
    bodyTimeoutMs,
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  const { port } = server.addr;
  const connections: Deno.TcpConn[] = [];
  return {
    client: new XmlRpcClient(`http://127.0.0.1:${port}/RPC2`),
    /** Opens connections and sends a string on each. */
    async send(count: number, text: string): Promise<Deno.TcpConn[]> {
      const opened = [];
      for (let index = 0; index < count; index++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        opened.push(connection);
        await connection.write(new TextEncoder().encode(text));
      }
      connections.push(...opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.close();
      await server.shutdown();
    },
  };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Returns the first line of the server's answer. */
async function readStatus(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(1000);
  const length = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length)).split("\r\n")[0] ?? "";
}

Deno.test("XML-RPC server answers calls beside a thousand peers that never finish their headers", async () => {
  await using peers = slowPeers(10, 10_000);
  await peers.send(1000, HEAD); // the empty line is missing
  assert.equal(await peers.client.call("echo", ["hello"]), "hello");
});

const UNFINISHED = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 50)}`;

Deno.test("XML-RPC handler answers 503 to one more peer than its limit of bodies that never end", async () => {
  await using peers = slowPeers(500, 20_000);
  const stuck = await peers.send(501, UNFINISHED);
  const statuses = stuck.map((peer) => readStatus(peer).catch(() => "closed at the end"));
  assert.match(await Promise.race(statuses), /503/);
});

Deno.test("XML-RPC handler closes connections whose bodies never end, and has room again", async () => {
  await using peers = slowPeers(500, 200);
  const stuck = await peers.send(500, UNFINISHED);
  const statuses = await Promise.all(stuck.map(readStatus));
  assert.deepEqual(new Set(statuses), new Set(["HTTP/1.1 408 Request Timeout"]));
  assert.equal(await peers.client.call("echo", ["hello"]), "hello");
});

Deno.test("XML-RPC handler refuses a body at its limit, whatever its length says", async () => {
  await using peers = slowPeers(10, 10_000);
  const [declared, chunked] = [
    `${HEAD}Content-Length: 999999999\r\n\r\n<`,
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
  ];
  const [first] = await peers.send(1, declared);
  assert.ok(first);
  assert.match(await readStatus(first), /413/);
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const [second] = await peers.send(1, chunked);
  assert.ok(second);
  const answer = readStatus(second);
  const bytes = new TextEncoder().encode(chunk);
  try {
    for (let count = 0; count < 100; count++) await writeAll(second, bytes); // 6.5 MB of 4 MiB
  } catch {
    // The server has closed the connection, as it should.
  }
  assert.match(await answer, /413/);
});

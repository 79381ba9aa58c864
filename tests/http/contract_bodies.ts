/**
 * The contract of the `node:http` server for bodies that clients send unusually. It needs no test
 * runner of its own, and runs on Deno, Node and Bun.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { type Servlet, toResponder } from "../../src/http/server/responder.ts";
import type { RegisterTest, ServerUnderTest } from "./contract.ts";

/** Returns a request in chunks of one size. */
function createChunked(path: string, chunkBytes: number, count: number): Uint8Array<ArrayBuffer> {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `${chunkBytes.toString(16)}\r\n${"x".repeat(chunkBytes)}\r\n`;
  return Buffer.from(`${head}${chunk.repeat(count)}0\r\n\r\n`);
}

/**
 * Sends a request as a client does that reads nothing before it has sent everything; returns what
 * it then reads until the end, and the error of its connection.
 */
async function sendFirst(port: number, bytes: Uint8Array): Promise<[string, Error | undefined]> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  let failure: Error | undefined;
  socket.pause().on("error", (error) => failure = error);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  socket.write(bytes, () => {
    socket.on("data", (part) => text += String(part)).on("end", () => socket.end());
    socket.resume();
  });
  await promise;
  return [text, failure];
}

/** Registers the tests of bodies for one implementation. */
export function testHttpServerBodies(test: RegisterTest, { name, listen }: ServerUnderTest): void {
  const define = (claim: string, servlet: Servlet, run: (port: number) => Promise<void>) =>
    test(`${name} ${claim}`, async () => {
      const failures: unknown[] = [];
      const onFailure = (error: unknown) => void failures.push(error);
      const options = { hostname: "127.0.0.1", port: 0, onFailure };
      const server = await listen(options, toResponder(servlet));
      try {
        await run(server.port);
        assert.deepEqual(failures, []);
      } finally {
        server.cut();
        await server.stop();
      }
    });

  define("hands over thousands of small chunks in a few pieces", async ({ body }) => {
    let [bytes, pieces] = [0, 0];
    for await (const piece of body ?? []) {
      assert.ok(piece.every((byte) => byte === 120));
      bytes += piece.length;
      pieces++;
    }
    return new Response(JSON.stringify({ bytes, pieces }), { headers: { connection: "close" } });
  }, async (port) => {
    for (const chunkBytes of [1, 10, 200]) {
      const sent = Array.from({ length: 8 }, () => createChunked("/", chunkBytes, 5000));
      for (const [text] of await Promise.all(sent.map((bytes) => sendFirst(port, bytes)))) {
        const { bytes, pieces } = JSON.parse(text.slice(text.indexOf("{")));
        assert.equal(bytes, 5000 * chunkBytes);
        assert.ok(pieces < 500, `${pieces} pieces`);
      }
    }
  });

  define("answers other clients while bodies in small chunks arrive", async (request) => {
    const { length } = await request.bytes();
    return new Response(String(length), { headers: { connection: "close" } });
  }, async (port) => {
    const flood = createChunked("/", 10, 40_000);
    let isOver = false;
    const floods = Promise.all(Array.from({ length: 4 }, () => sendFirst(port, flood)))
      .finally(() => isOver = true);
    let answered = 0;
    while (!isOver) {
      const [text] = await sendFirst(port, createChunked("/", 1, 1));
      assert.match(text, /1$/);
      answered++;
    }
    for (const [text] of await floods) assert.match(text, /400000$/);
    assert.ok(answered > 10, `${answered} requests`);
  });

  define("answers a client that sends a whole refused body before it reads", async (request) => {
    if (request.url.endsWith("/cancel")) await request.body?.cancel();
    return new Response("too large", { status: 413 });
  }, async (port) => {
    const whole = Buffer.alloc(9_000_000);
    const head =
      `POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${whole.length}\r\n\r\n`;
    const requests = [
      Buffer.concat([Buffer.from(head), whole]),
      createChunked("/unread", 60_000, 150),
      createChunked("/cancel", 500, 10_000),
      createChunked("/cancel", 10, 10_000),
    ];
    for (const bytes of requests) {
      const [text, failure] = await sendFirst(port, bytes);
      assert.equal(failure, undefined);
      assert.match(text, /^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*too large$/is);
    }
  });

  define("does not read on for ever what a client sends after a refusal", () => {
    return new Response("too large", { status: 413 });
  }, async (port) => {
    const socket = connect(port, "127.0.0.1");
    let [text, isOpen] = ["", true];
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on("data", (part) => text += String(part)).on("error", () => {});
    socket.once("close", () => {
      isOpen = false;
      resolve();
    });
    const send = () => {
      while (isOpen && socket.write(Buffer.alloc(65_536)));
      if (isOpen) socket.once("drain", send);
    };
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000000\r\n\r\n");
    send();
    await promise;
    assert.match(text, /^HTTP\/1\.1 413 /);
  });
}

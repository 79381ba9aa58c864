import assert from "node:assert/strict";
import {
  BodyTooLargeError,
  type RawReply,
  ReplyReader,
} from "../../../../src/http/client/reply/reply_reader.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Reads a string in chunks of a size; returns the reply and whether bytes are left. */
function read(text: string, size: number, method = "GET", maxBytes = 1000) {
  const reader = new ReplyReader(method, maxBytes);
  const bytes = encode(text);
  let reply: RawReply | undefined;
  for (let at = 0; at < bytes.length; at += size) {
    reply = reader.push(bytes.subarray(at, at + size));
  }
  reply ??= reader.end();
  return { reply, hasSurplus: reader.hasSurplus };
}

const BODIES: [name: string, text: string, body: string][] = [
  ["length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"],
  ["no body", "HTTP/1.1 204 No Content\r\n\r\n", ""],
  ["bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello"],
  ["until the end", "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello", "hello"],
  [
    "chunks with an extension and a trailer",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n3 \r\nllo\r\n0\r\nX: y\r\n\r\n",
    "hello",
  ],
  [
    "interim replies before it",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
    "hello",
  ],
  ["folded header", "HTTP/1.1 200\r\nA: b\r\n  c\r\nContent-Length: 5\r\n\r\nhello", "hello"],
];

for (const [name, text, body] of BODIES) {
  Deno.test(`ReplyReader reads a reply in pieces of any size: ${name}`, () => {
    for (const size of [1, 2, 3, 7, 1000]) {
      const { reply, hasSurplus } = read(text, size);
      assert.ok(reply !== undefined, `pieces of ${size}`);
      assert.equal(new TextDecoder().decode(reply.body), body);
      assert.equal(hasSurplus, false);
    }
  });
}

Deno.test("ReplyReader reports bytes that follow a reply", () => {
  const text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n";
  assert.equal(read(text, 1000).hasSurplus, true);
});

Deno.test("ReplyReader reports whether the connection is kept", () => {
  const isKept = (head: string) =>
    read(`${head}\r\nContent-Length: 0\r\n\r\n`, 1000).reply?.isKeptAlive;
  assert.equal(isKept("HTTP/1.1 200 OK"), true);
  assert.equal(isKept("HTTP/1.1 200 OK\r\nConnection: Close"), false);
  assert.equal(isKept("HTTP/1.0 200 OK"), false);
  assert.equal(isKept("HTTP/1.0 200 OK\r\nConnection: keep-alive"), true);
});

Deno.test("ReplyReader refuses what is not one clear HTTP/1.1 reply", () => {
  const cases = [
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
  ];
  for (const text of cases) assert.throws(() => read(text, 1000), SyntaxError, text);
});

Deno.test("ReplyReader keeps its memory bounded", () => {
  const head = "HTTP/1.1 200 OK\r\n";
  const tooLarge = [
    `${head}Content-Length: 1001\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${"x".repeat(1001)}`,
    `${head}\r\n${"x".repeat(1001)}`,
  ];
  for (const text of tooLarge) assert.throws(() => read(text, 100), BodyTooLargeError);
  assert.throws(() => read(`${head}X: ${"x".repeat(70_000)}`, 1000), /head of the reply exceeds/);
  const interim = "HTTP/1.1 100 Continue\r\n\r\n";
  assert.throws(() => read(interim.repeat(3000), 1000), /head of the reply exceeds/);
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
  assert.throws(() => read(`${chunked}1;${"x".repeat(2000)}`, 1000), /too long/);
  assert.throws(() => read(`${chunked}0\r\n${"X: y\r\n".repeat(20_000)}`, 1000), /too long/);
});

Deno.test("ReplyReader returns no reply that is incomplete at the end of the connection", () => {
  assert.equal(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 1000).reply, undefined);
  assert.equal(read("HTTP/1.1 200 OK\r\nContent-Le", 1000).reply, undefined);
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
  assert.equal(read(chunked, 1000).reply, undefined);
});

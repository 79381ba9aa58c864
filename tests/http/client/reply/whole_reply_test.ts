import assert from "node:assert/strict";
import { type RawReply, ReplyReader } from "../../../../src/http/client/reply/reply_reader.ts";
import { WholeReplyReader } from "../../../../src/http/client/reply/whole_reply.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Reads a chunk as a connection does without the fast path; a surplus counts as no reply. */
function readPlainly(chunk: Uint8Array, method: string, maxBytes: number): RawReply | undefined {
  try {
    const reader = new ReplyReader(method, maxBytes);
    const reply = reader.push(chunk);
    return reader.hasSurplus ? undefined : reply;
  } catch {
    return undefined;
  }
}

const HEADS = [
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: b\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: a\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 05\r\nX: a\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  "HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.1 200 OK\nContent-Length: 5\n\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.1 200 OK\r\nX: \u00e9\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\n",
];
const BODIES = [
  "hello",
  "h\u00e9\u00e9",
  "hell",
  "",
  "hello\r\n0\r\n\r\n",
  "hellohello",
  "\r\n\r\na",
];

Deno.test("WholeReplyReader reads what ReplyReader reads, or leaves it to that one", () => {
  const chunks = HEADS.flatMap((head) => BODIES.map((body) => encode(head + body)));
  let usual = 0;
  for (const first of chunks) {
    for (const method of ["POST", "HEAD"]) {
      const whole = new WholeReplyReader();
      const reply = readPlainly(first, method, 100);
      if (reply !== undefined) whole.learn(first, reply, { method });
      for (const second of chunks) {
        for (const [next, maxBytes] of [["POST", 100], ["POST", 4], ["HEAD", 100]] as const) {
          const read = whole.read(second, { method: next, maxBytes });
          if (read === undefined) continue;
          usual++;
          assert.deepEqual(read, readPlainly(second, next, maxBytes));
        }
      }
    }
  }
  assert.ok(usual > 50, `only ${usual} replies took the fast path`);
});

Deno.test("WholeReplyReader reads the second reply of a head, and forgets no long one", () => {
  const whole = new WholeReplyReader();
  const request = { method: "POST", maxBytes: 100 };
  const learn = (text: string) => {
    const chunk = encode(text);
    const reply = readPlainly(chunk, "POST", 100);
    assert.ok(reply);
    whole.learn(chunk, reply, request);
    return whole.read(chunk, request);
  };
  assert.equal(learn(`${HEADS[0]}hello`)?.body.length, 5);
  const long = HEADS[0]?.replace("X: a", `X: ${"a".repeat(2000)}`);
  assert.equal(learn(`${long}hello`), undefined);
  assert.equal(learn(`${HEADS[8]}hello`), undefined); // errors are rare, and shown to users
});

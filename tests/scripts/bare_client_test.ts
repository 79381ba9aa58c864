import assert from "node:assert/strict";
import { createBareClient } from "../../scripts/http/bare_client.ts";
import { BareReplyReader, findReply } from "../../scripts/http/bare_reply.ts";
import { readRequest, serveAndDrop, serveTcp, writeText } from "../support/tcp_server.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

Deno.test("The bare client sends nothing twice, and stops using connections that are dropped", async () => {
  await using server = serveAndDrop();
  const { executions } = server;
  const send = createBareClient();
  let errors = 0;
  for (let call = 0; call < 300; call++) {
    await send(`http://127.0.0.1:${server.port}/`, `<${call}>`).catch(() => errors++);
  }
  assert.equal(executions.size, 300);
  assert.deepEqual([...executions].filter(([, times]) => times !== 1), []);
  assert.ok(errors <= 1, `${errors} errors`);
});

Deno.test("The bare client loses no call to a server that closes each connection without a word", async () => {
  await using server = serveTcp(async (connection) => {
    if (await readRequest(connection) !== undefined) await writeText(connection, OK);
  });
  const send = createBareClient();
  for (let call = 0; call < 100; call++) {
    assert.equal(await send(`http://127.0.0.1:${server.port}/`, "x"), "ok");
  }
});

Deno.test("The bare client reads both framings, and what ends a connection", () => {
  const read = (text: string) => findReply(Buffer.from(text));
  const chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n";
  assert.deepEqual(read(chunked), { body: "ab", end: chunked.length, keptMs: Infinity });
  for (let end = 0; end < chunked.length; end++) {
    assert.equal(read(chunked.slice(0, end)), undefined);
  }
  assert.throws(() => read(chunked.replace("a\r\n", "ab\r\n")), /chunk of another length/);
  assert.deepEqual(read(`${OK}more`), { body: "ok", end: OK.length, keptMs: Infinity });
  const withHeader = (header: string) => read(OK.replace("\r\n\r\n", `\r\n${header}\r\n\r\n`));
  assert.equal(withHeader("Connection: close")?.keptMs, 0);
  assert.equal(withHeader("Keep-Alive: timeout=3, max=9")?.keptMs, 2000);
  assert.equal(read(OK.replace("1.1", "1.0"))?.keptMs, 0);
});

Deno.test("The bare client refuses a reply without one clear length, and any status but 200", () => {
  const replies = [
    "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
    "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 100 Continue\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(10_000)}`,
  ];
  for (const reply of replies) {
    assert.throws(() => findReply(Buffer.from(reply)), /the (?:reply|head) /, reply.slice(0, 80));
  }
});

Deno.test("The bare client reads replies with the head of the one before in the same way", () => {
  const reader = new BareReplyReader();
  const replies = [OK, OK, `${OK}more`, OK.slice(0, -1), OK.replace("ok", "no"), `${OK}${OK}`, OK];
  for (const reply of replies) {
    assert.deepEqual(reader.read(Buffer.from(reply)), findReply(Buffer.from(reply)), reply);
  }
});

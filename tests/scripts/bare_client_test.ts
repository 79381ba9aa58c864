import assert from "node:assert/strict";
import { createBareClient } from "../../scripts/http/bare_client.ts";
import { findReply } from "../../scripts/http/bare_reply.ts";
import { readRequest, serveTcp, writeText } from "../support/tcp_server.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

Deno.test("The bare client sends nothing twice, and stops using connections that are dropped", async () => {
  const executions = new Map<string, number>();
  await using server = serveTcp(async (connection) => {
    for (let index = 0; index < 2; index++) {
      const body = /<\d+>/.exec(await readRequest(connection) ?? "")?.[0];
      if (body === undefined) return;
      executions.set(body, (executions.get(body) ?? 0) + 1);
      if (index === 0) await writeText(connection, OK);
    }
  });
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
  assert.deepEqual(read(chunked), { body: "ab", end: chunked.length, isKept: true });
  for (let end = 0; end < chunked.length; end++) {
    assert.equal(read(chunked.slice(0, end)), undefined);
  }
  assert.deepEqual(read(`${OK}more`), { body: "ok", end: OK.length, isKept: true });
  assert.equal(read(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))?.isKept, false);
  assert.equal(read(OK.replace("1.1", "1.0"))?.isKept, false);
  assert.throws(() => read("HTTP/1.1 200 OK\r\n\r\n"), { message: "the reply has no length" });
});

import assert from "node:assert/strict";
import { prefixEnd } from "../../src/etcd/mod.ts";
import { toCancelCode, toErrorCode } from "../../src/etcd/errors.ts";
import { MessageQueue } from "../../src/etcd/transport/message_queue.ts";

Deno.test("prefixEnd() returns the first key after all that begin with the prefix", () => {
  assert.deepEqual([...prefixEnd("ab")], [0x61, 0x63]);
  assert.deepEqual([...prefixEnd(Uint8Array.of(1, 0xff, 0xff))], [2]);
  assert.deepEqual([...prefixEnd(Uint8Array.of(0xff))], [0]);
});

Deno.test("toErrorCode() and toCancelCode() recognize the messages of etcd", () => {
  const cases: [status: number, text: string, code: string][] = [
    [3, "etcdserver: request is too large", "too-large"],
    [3, "etcdserver: authentication failed, invalid user ID or password", "authentication-failed"],
    [3, "etcdserver: user name is empty", "unauthenticated"],
    [3, "etcdserver: key is not provided", "invalid-argument"],
    [4, "Deadline exceeded", "timeout"],
    [5, "etcdserver: requested lease not found", "lease-not-found"],
    [7, "etcdserver: permission denied", "permission-denied"],
    [8, "etcdserver: mvcc: database space exceeded", "no-space"],
    [8, "Received message larger than max (5 vs. 4)", "too-large"],
    [9, "etcdserver: authentication is not enabled", "auth-not-enabled"],
    [11, "etcdserver: mvcc: required revision has been compacted", "compacted"],
    [14, "etcdserver: no leader", "no-leader"],
    [14, "etcdserver: rpc not supported for learner", "learner"],
    [1, "Call cancelled", "unavailable"],
    [14, "connection reset", "unavailable"],
    [16, "etcdserver: invalid auth token", "unauthenticated"],
    [13, "anything", "internal"],
  ];
  for (const [status, text, code] of cases) assert.equal(toErrorCode(status, text), code, text);
  assert.equal(toCancelCode("etcdserver: permission denied"), "permission-denied");
  assert.equal(
    toCancelCode("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token"),
    "unauthenticated",
  );
});

Deno.test("MessageQueue yields its messages, then its first end", async () => {
  const queue = new MessageQueue<number>();
  const waiting = queue.next();
  queue.push(1);
  queue.push(2);
  queue.fail(new Error("first"));
  queue.end();
  queue.push(3);
  assert.deepEqual(await waiting, { done: false, value: 1 });
  assert.deepEqual(await queue.next(), { done: false, value: 2 });
  await assert.rejects(queue.next(), /first/);
});

Deno.test("MessageQueue ends when a loop over it is left, and drops what is in it", async () => {
  const queue = new MessageQueue<number>();
  queue.push(1);
  queue.push(2);
  for await (const message of queue) {
    assert.equal(message, 1);
    break;
  }
  assert.equal(queue.isEnded, true);
  queue.push(3);
  assert.equal(queue.length, 0);
  assert.deepEqual(await queue.next(), { done: true, value: undefined });
});

import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY, Etcd3Discovery } from "../../../../mod.ts";
import { KeySpace } from "../../../../src/discovery/etcd3/registry/key_space.ts";

const SESSION = "44fee03d-62b3-450f-bb10-2e32b03bf400";

Deno.test("KeySpace makes the keys that iPOPO uses", async () => {
  const file = new URL("../../../fixtures/ipopo/keys.txt", import.meta.url);
  const [session, endpoint] = (await Deno.readTextFile(file)).trim().split("\n");
  const keys = new KeySpace();
  assert.equal(keys.topKey, DEFAULT_TOP_KEY);
  assert.equal(keys.sessionKey(SESSION), session);
  const endpointId = "49bb4661-919d-49bb-acc1-7b23baa493ef";
  assert.equal(keys.endpointKey(SESSION, endpointId), endpoint);
  assert.deepEqual(keys.parse(session ?? ""), { sessionId: SESSION, endpointId: undefined });
  assert.deepEqual(keys.parse(endpoint ?? ""), { sessionId: SESSION, endpointId });
});

Deno.test("KeySpace parses no key that belongs to no session", () => {
  const keys = new KeySpace("top");
  for (
    const key of [
      "top",
      "top/",
      "top/x",
      "top/x/y",
      `top/${SESSION}/`,
      `top/${SESSION}/a/b`,
      `topx/${SESSION}/a`,
    ]
  ) {
    assert.equal(keys.parse(key), undefined, key);
  }
});

Deno.test("KeySpace spans the children of the top key and nothing beside it", () => {
  const keys = new KeySpace("top");
  const end = new TextDecoder().decode(keys.prefixEnd);
  assert.ok(keys.prefix <= `top/${SESSION}` && `top/${SESSION}` < end);
  assert.ok("top" < keys.prefix);
  assert.ok("top0" >= end && "topx/a" >= end);
});

Deno.test("KeySpace refuses a top key with a slash and a session id that is not a UUID", () => {
  assert.throws(
    () => new Etcd3Discovery({ topKey: "a/b" }),
    /top key "a\/b": give a name without slash/,
  );
  assert.throws(() => new Etcd3Discovery({ topKey: "" }), TypeError);
  assert.throws(() => new Etcd3Discovery({ sessionId: "me" }), /session id "me": give a UUID/);
  assert.throws(() => new Etcd3Discovery({ leaseTtlSeconds: 1 }), RangeError);
  assert.throws(() => new Etcd3Discovery({ endpoints: "http://a/b" }), /give host:port/);
});

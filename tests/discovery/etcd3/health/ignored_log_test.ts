import assert from "node:assert/strict";
import { IgnoredLog } from "../../../../src/discovery/etcd3/health/ignored_log.ts";
import { LogRecorder } from "../../../support/events.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

function createLog() {
  const [clock, log] = [new VirtualClock(), new LogRecorder()];
  return { clock, log, ignored: new IgnoredLog(log, clock) };
}

Deno.test("IgnoredLog counts unreadable keys and properties and names one of each", () => {
  const { ignored } = createLog();
  ignored.recordKey("top/s/a", "no list of properties");
  ignored.recordKey("top/s/b", "not JSON");
  ignored.recordProperties("top/s/c", [
    { name: "size", reason: "many" },
    { name: "colour", reason: "no type" },
  ]);
  assert.deepEqual(ignored.items, {
    keys: 2,
    properties: 2,
    exampleKey: "top/s/a",
    exampleProperty: "size of top/s/c",
  });
  ignored.recordProperties("top/s/a", []);
  ignored.forget("top/s/b");
  ignored.forget("top/s/c");
  const none = { keys: 0, properties: 0, exampleKey: undefined, exampleProperty: undefined };
  assert.deepEqual(ignored.items, none);
});

Deno.test("IgnoredLog writes one bounded line for a key, without control and bidi characters", () => {
  const { ignored, log } = createLog();
  ignored.recordKey("top/s/a\u001b[2J\u202e", `bad ${"x".repeat(1_000_000)}`);
  assert.equal(log.all.length, 1);
  const [line = ""] = log.all;
  assert.match(line, /^warn Ignored the key top\/s\/a\\u\{1b\}\[2J\\u\{202e\}: bad x+\.\.\.$/);
  assert.ok(line.length < 430, String(line.length));
});

Deno.test("IgnoredLog writes the whole key and the reason of an endpoint of iPOPO", () => {
  const { ignored, log } = createLog();
  const id = "01234567-89ab-4cde-8f01-23456789abcd";
  const key = `org.eclipse.ecf.provider.etcd3.container.Etcd3DiscoveryContainer/${id}/${id}`;
  const reason = 'Cannot read the property size: "many" is not a valid long';
  ignored.recordProperties(key, [{ name: "size", reason }]);
  assert.deepEqual(log.all, [`warn Ignored the property size of ${key}: ${reason}`]);
});

Deno.test("IgnoredLog counts the repeated lines of a key and writes them once a minute", async () => {
  const { ignored, log, clock } = createLog();
  for (let time = 0; time < 100; time++) {
    ignored.recordKey("k", `attempt ${time}`);
    await clock.advance(100);
  }
  ignored.recordKey("other", "another key");
  await clock.advance(60_000);
  ignored.recordKey("k", "the last");
  assert.deepEqual(log.all, [
    "warn Ignored the key k: attempt 0",
    "warn Ignored the key other: another key",
    "warn Ignored the key k: the last (100 times)",
  ]);
});

Deno.test("IgnoredLog writes 20 lines a minute at most, whatever keys another process writes", async () => {
  const { clock, log, ignored } = createLog();
  const evil = "k".repeat(1_000_000);
  for (let index = 0; index < 1000; index++) {
    ignored.recordKey(`${index}/${evil}`, "not JSON");
    ignored.forget(`${index}/${evil}`);
  }
  assert.equal(log.all.length, 20);
  for (const line of log.all) {
    assert.match(line, /^warn Ignored the key \d+\/k{1,178}\.\.\.: not JSON$/);
  }
  await clock.advance(60_000);
  ignored.recordProperties("last", [{ name: evil, reason: "no number" }]);
  assert.match(
    log.all.at(-1) ?? "",
    /^warn Ignored the property k{40}\.\.\. of last: no number \(980 other/,
  );
});

import assert from "node:assert/strict";
import {
  backoffMs,
  checkTimeout,
  createRepeatLogger,
  createSafeLogger,
  DeadlineLists,
  explainPermission,
  Gate,
  jittered,
  MAX_TIMER_MS,
  SILENT,
  Subscription,
  SYSTEM_CLOCK,
  toMessage,
  toPrintable,
} from "../../src/util/mod.ts";

Deno.test("Subscription ends once, by close() or at the end of its block", () => {
  let ends = 0;
  const closed = new Subscription(() => ends++);
  closed.close();
  closed.close();
  assert.equal(ends, 1);
  {
    using _subscription = new Subscription(() => ends++);
  }
  assert.equal(ends, 2);
});

Deno.test("backoffMs() doubles up to its cap, with a random part of it", () => {
  const bounds = { baseMs: 100, capMs: 1000 };
  const delays = [1, 2, 3, 4, 5, 1000].map((attempt) => backoffMs(attempt, bounds, () => 1));
  assert.deepEqual(delays, [100, 200, 400, 800, 1000, 1000]);
  assert.equal(backoffMs(5, bounds, () => 0.25), 250);
});

Deno.test("jittered() changes a value by no more than its share", () => {
  assert.deepEqual([0, 0.5, 1].map((random) => jittered(100, 0.2, () => random)), [80, 100, 120]);
});

Deno.test("checkTimeout() accepts what a timer can wait, and Infinity", () => {
  for (const timeoutMs of [0.5, 1, MAX_TIMER_MS, Infinity]) {
    assert.equal(checkTimeout(timeoutMs), timeoutMs);
  }
  for (const timeoutMs of [0, -1, NaN, MAX_TIMER_MS + 1]) {
    assert.throws(() => checkTimeout(timeoutMs, "waitMs"), {
      name: "RangeError",
      message:
        `Cannot use waitMs ${timeoutMs}: give Infinity or a positive number up to 2147483647`,
    });
  }
});

Deno.test("Gate has its limit of places, and counts work that lingers", async () => {
  assert.throws(() => new Gate(0), RangeError);
  const gate = new Gate(2);
  const { promise, reject } = Promise.withResolvers<void>();
  assert.equal(gate.enter(), true);
  const lingering = gate.linger(promise);
  assert.equal(gate.enter(), false);
  reject(new Error("nobody waits for it"));
  await lingering;
  assert.equal(gate.enter(), true);
  gate.leave();
  assert.equal(gate.enter(), true);
});

Deno.test("toMessage() returns the message of whatever was thrown", () => {
  assert.equal(toMessage(new Error("x")), "x");
  assert.equal(toMessage(7), "7");
});

Deno.test("toMessage() returns the reason of an error of OpenSSL without its place in the source", () => {
  const message = "C0EC:error:0A000412:SSL routines:read:alert bad certificate:../rec.c:918:42\n";
  const reason = "alert bad certificate";
  const code = "ERR_SSL_ALERT_BAD_CERTIFICATE";
  assert.equal(toMessage(Object.assign(new Error(message), { code, reason })), reason);
  assert.equal(toMessage(Object.assign(new Error("x"), { code: "ECONNRESET", reason })), "x");
  assert.equal(toMessage(Object.assign(new Error("x"), { code })), "x");
});

Deno.test("explainPermission() advises about a missing permission, and about no other error", () => {
  const advice = "Deno may not use h:1; run it with --allow-net=h:1";
  assert.equal(explainPermission(new Deno.errors.NotCapable("no"), "h:1"), advice);
  const refused = { code: "EPERM", syscall: "getaddrinfo" };
  assert.equal(explainPermission(Object.assign(new Error("x"), refused), "h:1"), advice);
  const others = [{ code: "EPERM", syscall: "connect" }, { ...refused, code: "ENOTFOUND" }, {}];
  for (const other of others) {
    assert.equal(explainPermission(Object.assign(new Error("x"), other), "h:1"), undefined);
  }
  assert.equal(explainPermission("NotCapable", "h:1"), undefined);
});

Deno.test("toPrintable() escapes what is not printable, and cuts what is long", () => {
  assert.equal(
    toPrintable("a\r\nb\u202ec\u2028\x1b[2J"),
    "a\\u{d}\\u{a}b\\u{202e}c\\u{2028}\\u{1b}[2J",
  );
  assert.equal(toPrintable("Grüße 😀"), "Grüße 😀");
  assert.equal(toPrintable("x".repeat(201)), `${"x".repeat(200)}...`);
  assert.equal(toPrintable("a😀", 2), "a...", "half of a character is left out");
  assert.equal(toPrintable("\n".repeat(1000)), `${"\\u{a}".repeat(40)}...`, "also when escaped");
  assert.equal(toPrintable("http://ada:secret@host/", 14), "http://host/", "hidden before the cut");
});

Deno.test("createRepeatLogger logs a message once a minute and counts the rest", () => {
  let now = 0;
  const lines: string[] = [];
  const logger = { ...SILENT, warn: (line: string) => void lines.push(line) };
  const quiet = createRepeatLogger(logger, { ...SYSTEM_CLOCK, now: () => now });
  for (let count = 0; count < 5; count++) quiet.warn("a");
  quiet.warn("b");
  now = 60_000;
  quiet.warn("a");
  assert.deepEqual(lines, ["a", "b", "a (and 4 times before)"]);
});

Deno.test("createSafeLogger bounds a message and hides the credentials in it", () => {
  const lines: string[] = [];
  const logger = createSafeLogger({ ...SILENT, warn: (line: string) => void lines.push(line) });
  logger.warn(`http://a:secret@h\n${"x".repeat(1_000_000)}`);
  assert.equal(lines[0]?.startsWith("http://h\\u{a}xxx"), true);
  assert.equal((lines[0]?.length ?? 0) < 1100, true);
});

Deno.test("DeadlineLists share one list for each of the first lengths", () => {
  using lists = new DeadlineLists();
  const first = lists.get(1);
  assert.equal(lists.get(1), first);
  for (let timeoutMs = 2; timeoutMs <= 17; timeoutMs++) lists.get(timeoutMs);
  assert.notEqual(lists.get(17), lists.get(17)); // the memory is bounded
});

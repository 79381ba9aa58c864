import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  createRepeatLogger,
  createSafeLogger,
  LineBudget,
  type LogFields,
  SILENT,
  SYSTEM_CLOCK,
  toMessage,
} from "../../../src/util/mod.ts";

/** Returns the fields that a logger receives. */
function pass(fields: LogFields): LogFields {
  const received: LogFields[] = [];
  const warn = (_message: string, one: LogFields = {}) => void received.push(one);
  createSafeLogger({ ...SILENT, warn }).warn("a", fields);
  return received[0] ?? {};
}

Deno.test("createSafeLogger passes on bounded fields unchanged", () => {
  const error = new RangeError("a", { cause: new Error("b", { cause: "c" }) });
  const fields = { a: 1, b: "x", c: ["y"], d: { e: true }, f: undefined, g: new Date(0), error };
  assert.deepEqual(pass(fields), fields);
  assert.equal(pass(fields).error, error);
});

Deno.test("createSafeLogger bounds every value of the fields and hides credentials", () => {
  const long = "x".repeat(1_000_000);
  const evil = `http://ada:secret@h/\u202e\n${long}`;
  const inner = Object.assign(new Error(evil, { cause: new Error(evil) }), { code: evil, evil });
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const fields = {
    text: evil,
    [evil]: evil,
    list: new Array(10_000).fill(evil),
    object: Object.fromEntries(new Array(1000).fill(0).map((_, index) => [index, evil])),
    deep: [[[[[[evil]]]]]],
    circle,
    error: inner,
    wrapped: new TypeError("short", { cause: inner }),
    member: Object.assign(new Error("short"), { data: { evil } }),
    circular: Object.assign(new Error("short"), { circle }),
    several: new AggregateError([inner], "short"),
    named: Object.assign(new Error("short"), { name: evil }),
    ownCause: Object.assign(new Error(evil), { cause: undefined as unknown }),
  };
  fields.ownCause.cause = fields.ownCause;
  const received = pass(fields);
  assert.deepEqual(Object.keys(received).length, Object.keys(fields).length);
  const printed = inspect(received, { depth: 20, maxStringLength: null, maxArrayLength: null });
  assert.doesNotMatch(printed, /secret|\u202e/);
  assert.doesNotMatch(printed, /x{201}/);
  assert.ok(received.error instanceof Error);
  assert.match(String(received.error.stack), /log_values_test\.ts/, "the place stays");
});

Deno.test("toMessage() has a string for every thrown value", () => {
  assert.equal(toMessage(Object.create(null)), "a value that has no string form");
  assert.equal(toMessage(Symbol("a")), "Symbol(a)");
  const odd = Object.assign(new Error("a"), { message: 5 });
  assert.equal(toMessage(odd), "5");
});

Deno.test("LineBudget counts the lines beyond those of a minute", () => {
  let nowMs = 0;
  const budget = new LineBudget({ ...SYSTEM_CLOCK, now: () => nowMs }, 2);
  assert.deepEqual([budget.take(), budget.take(), budget.take(), budget.take()], [
    0,
    0,
    undefined,
    undefined,
  ]);
  nowMs = 60_000;
  assert.deepEqual([budget.take(), budget.take(), budget.take()], [2, 0, undefined]);
});

Deno.test("createRepeatLogger bounds the number of different messages, and counts the others", () => {
  let nowMs = 0;
  const lines: string[] = [];
  const logger = { ...SILENT, warn: (line: string) => void lines.push(line) };
  const quiet = createRepeatLogger(logger, { ...SYSTEM_CLOCK, now: () => nowMs });
  for (let index = 0; index < 1000; index++) quiet.warn(`no such method: ${index}`);
  assert.equal(lines.length, 100);
  nowMs = 60_000;
  quiet.warn("another");
  assert.equal(lines.at(-1), "another (900 other records were left out)");
});

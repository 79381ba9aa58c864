import assert from "node:assert/strict";
import { callUser, createSafeLogger, type Logger } from "../../../src/util/mod.ts";

/** Records what is logged. */
function createRecorder() {
  const records: unknown[][] = [];
  const record = (level: string) => (...args: unknown[]) => void records.push([level, ...args]);
  const logger: Logger = {
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
  return { records, logger };
}

Deno.test("callUser() logs what a callback throws, and what its promise rejects with", async () => {
  const { records, logger } = createRecorder();
  const error = new Error("mine");
  await callUser("A listener", logger, () => {
    throw error;
  });
  await callUser("A listener", logger, () => Promise.reject(error));
  await callUser("A listener", logger, () => Promise.resolve(1));
  const record = ["error", "A listener failed: mine", { error }];
  assert.deepEqual(records, [record, record]);
});

Deno.test("callUser() resolves although the logger fails too", async () => {
  const fail = () => {
    throw new Error("the disk is full");
  };
  const logger = { debug: fail, info: fail, warn: fail, error: fail };
  await callUser("A listener", logger, fail);
});

Deno.test("createSafeLogger() passes records on, and drops what the logger throws or rejects", async () => {
  const { records, logger } = createRecorder();
  const safe = createSafeLogger(logger);
  safe.info("connected", { endpoint: "a:1" });
  safe.debug("plain");
  assert.deepEqual(records, [["info", "connected", { endpoint: "a:1" }], ["debug", "plain"]]);
  const rejecting = createSafeLogger({ ...logger, warn: () => Promise.reject(new Error("x")) });
  rejecting.warn("an unhandled rejection would end the test run");
  await new Promise<void>((resolve) => void setTimeout(resolve, 0));
});

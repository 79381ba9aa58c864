import assert from "node:assert/strict";
import { EndpointStats } from "../../src/calls/endpoint_stats.ts";

/** Ends one call. */
function call(stats: EndpointStats, outcome: "success" | "failure" | "fault", nowMs: number): void {
  stats.begin(nowMs);
  stats.end(outcome, 1, nowMs);
}

Deno.test("EndpointStats ejects for 1 s, and twice as long after each failure on probation", () => {
  const stats = new EndpointStats(0);
  stats.eject(0);
  let fromMs = 0;
  for (const [index, ejectionMs] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
    assert.equal(stats.isEjected(fromMs + ejectionMs - 1), true, `${ejectionMs} ms`);
    assert.equal(stats.isEjected(fromMs + ejectionMs), false, `${ejectionMs} ms`);
    fromMs += ejectionMs;
    call(stats, index % 2 === 0 ? "failure" : "fault", fromMs);
  }
});

Deno.test("EndpointStats is on probation for one call at a time until some succeed", () => {
  const stats = new EndpointStats(0);
  stats.eject(0);
  assert.equal(stats.isEjected(1000), false);
  stats.begin(1000);
  assert.equal(stats.isEjected(1000), true, "while the call that tries it runs");
  stats.abandon();
  assert.equal(stats.isEjected(1000), false);
  for (let count = 0; count < 10; count++) call(stats, "success", 1000);
  stats.begin(1000);
  assert.equal(stats.isEjected(1000), false, "it is healthy again");
  stats.abandon();
  stats.eject(2000);
  assert.deepEqual([stats.isEjected(2999), stats.isEjected(3000)], [true, false]);
});

Deno.test("EndpointStats forgets the outcomes before an ejection", () => {
  const stats = new EndpointStats(0);
  for (let count = 0; count < 5; count++) call(stats, "failure", 100);
  assert.equal(stats.countOutcomes(100).total, 5);
  stats.eject(100);
  assert.equal(stats.countOutcomes(100).total, 0);
});

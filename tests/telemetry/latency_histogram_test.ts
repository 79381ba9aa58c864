import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import { LatencyHistogram } from "../../src/telemetry/mod.ts";

function createHistogram(latenciesMs: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const latencyMs of latenciesMs) histogram.record(latencyMs);
  return histogram;
}

Deno.test("LatencyHistogram estimates quantiles within a third of the exact value", () => {
  const latency = fc.double({ min: 0.02, max: 90_000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.01, 0.5, 0.95, 1),
      (latencies, share) => {
        const sorted = [...latencies].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
        const estimate = createHistogram(latencies).quantileMs(share) ?? NaN;
        assert.ok(estimate >= exact / 1.34 && estimate <= exact * 1.34, `${estimate} for ${exact}`);
      },
    ),
  );
});

Deno.test("LatencyHistogram counts up to each bound of OpenTelemetry exactly", () => {
  const boundsMs = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
  for (const boundMs of boundsMs) {
    const histogram = createHistogram([boundMs * 0.999, boundMs, boundMs * 1.001]);
    assert.equal(histogram.countUpTo(boundMs), 2, `${boundMs}`);
  }
});

Deno.test("LatencyHistogram holds latencies of any size", () => {
  const histogram = createHistogram([0, 1e-9, 1e9, Infinity]);
  assert.equal(histogram.count, 4);
  assert.equal(histogram.countUpTo(0.01), 2);
  assert.equal(histogram.countUpTo(100_000), 2);
  assert.equal(histogram.quantileMs(1), 100_000);
  assert.equal(new LatencyHistogram().quantileMs(0.5), undefined);
});

Deno.test("LatencyHistogram subtracts an earlier copy, which stays as it was", () => {
  const histogram = createHistogram([1, 1, 1]);
  const earlier = histogram.copy();
  histogram.record(100);
  const since = histogram.since(earlier);
  assert.deepEqual([since.count, since.sumMs], [1, 100]);
  assert.ok((since.quantileMs(0.5) ?? 0) > 70);
  assert.equal(earlier.count, 3);
});

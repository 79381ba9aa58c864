import assert from "node:assert/strict";
import { Framework, ServiceTracker } from "../../../src/framework/mod.ts";
import { LogRecorder } from "../../support/events.ts";
import { until } from "../../support/framework.ts";

interface Numbered {
  readonly n: number;
}

Deno.test("ServiceTracker tracks matching services, best first", () => {
  const { registry } = new Framework();
  const log: string[] = [];
  registry.register("A", { n: 1 });
  using tracker = ServiceTracker.open<Numbered>(registry, "A", {
    filter: "(!(off=true))",
    onAdded: (_, { id }) => log.push(`+${id}`),
    onModified: (_, { id }) => log.push(`~${id}`),
    onRemoved: (_, { id }) => log.push(`-${id}`),
  });
  const two = registry.register("A", { n: 2 }, { "service.ranking": 3 });
  registry.register("B", {});
  assert.deepEqual(tracker.services.map(({ n }) => n), [2, 1]);
  two.setProperties({});
  assert.equal(tracker.service?.n, 1);
  two.setProperties({ off: true });
  tracker.close();
  registry.register("A", { n: 3 });
  assert.deepEqual(log, ["+1", "+2", "~2", "-2", "-1"]);
});

Deno.test("ServiceTracker ends with the block that holds it", () => {
  const { registry } = new Framework();
  const removed: number[] = [];
  registry.register("A", { n: 1 });
  {
    using _tracker = ServiceTracker.open<Numbered>(registry, "A", {
      onRemoved: ({ n }) => void removed.push(n),
    });
  }
  assert.deepEqual(removed, [1]);
});

Deno.test("ServiceTracker logs callbacks that throw or reject and goes on", async () => {
  const logger = new LogRecorder();
  const { registry } = new Framework({ logger });
  using tracker = ServiceTracker.open(registry, "A", {
    onAdded: () => {
      throw new Error("thrown");
    },
    onRemoved: () => Promise.reject(new Error("rejected")),
  });
  const a = registry.register("A", {});
  assert.equal(tracker.services.length, 1);
  a.close();
  await until(() => logger.all.some((line) => line.includes("rejected")));
  assert.deepEqual(logger.all, [
    "error onAdded of the tracker for A failed: thrown",
    "error onRemoved of the tracker for A failed: rejected",
  ]);
});

Deno.test("waitForService returns the best service within its time, or the signal's reason", async () => {
  const framework = new Framework();
  const waiting = framework.waitForService<Numbered>("A", { filter: "(n=2)" });
  framework.registry.register("A", { n: 1 }, { n: 1 });
  framework.registry.register("A", { n: 2 }, { n: 2 });
  assert.equal((await waiting).n, 2);
  assert.equal((await framework.waitForService<Numbered>("A")).n, 1);
  await assert.rejects(framework.waitForService("B", { timeoutMs: 1 }), {
    name: "TimeoutError",
    message: "No service B within 1 ms",
  });
  await assert.rejects(framework.waitForService("B", { filter: "(bad", timeoutMs: 1 }), {
    name: "FilterSyntaxError",
  });
  const stop = new AbortController();
  const stopped = framework.waitForService("B", { signal: stop.signal });
  const reason = new Error("enough");
  stop.abort(reason);
  await assert.rejects(stopped, (error) => error === reason);
});

import assert from "node:assert/strict";
import {
  type BundleContext,
  createComponent,
  Framework,
  ServiceTracker,
} from "../../src/framework/mod.ts";

/** A framework with one bundle at work. */
async function aBundle() {
  const messages: string[] = [];
  const log = (message: string) => void messages.push(message);
  const framework = new Framework({ logger: { debug: log, info: log, warn: log, error: log } });
  let context: BundleContext | undefined;
  await framework.installBundle({ name: "b", start: (given) => void (context = given) }).start();
  assert.ok(context);
  return { framework, context, registry: framework.registry, messages };
}

Deno.test("a component is valid while what it needs is there", async () => {
  const { registry, context } = await aBundle();
  const log: string[] = [];
  using component = createComponent(context, {
    name: "c",
    requires: { a: { interface: "A" }, b: { interface: "B", optional: true } },
    provides: "C",
    properties: { colour: "red" },
    validate: ({ a, b }) => {
      log.push(`validate ${(a as { n: number }).n} ${b === undefined}`);
      return { of: a };
    },
    invalidate: () => void log.push("invalidate"),
  });
  assert.equal(component.isValid, false);
  const a = registry.register("A", { n: 1 });
  assert.equal(component.isValid, true);
  const [reference] = registry.getReferences("C");
  assert.equal(reference?.properties.colour, "red");
  assert.equal(reference?.owner.name, "b");
  assert.deepEqual(a.reference.users, [context.bundle]);
  a.unregister();
  assert.equal(component.isValid, false);
  assert.deepEqual(registry.getReferences("C"), []);
  assert.deepEqual(log, ["validate 1 true", "invalidate"]);
});

Deno.test("a better service is bound, by rebind or anew", async () => {
  const { registry, context } = await aBundle();
  const log: string[] = [];
  const nameOf = (service: object) => (service as { name: string }).name;
  using anew = createComponent(context, {
    name: "anew",
    requires: { a: { interface: "A" } },
    validate: ({ a }) => void log.push(`anew ${nameOf(a)}`),
  });
  using rebound = createComponent(context, {
    name: "rebound",
    requires: { a: { interface: "A" } },
    validate: ({ a }) => void log.push(`first ${nameOf(a)}`),
    rebind: ({ a }) => void log.push(`then ${nameOf(a)}`),
  });
  registry.register("A", { name: "low" });
  registry.register("A", { name: "lower" }, { "service.ranking": -1 });
  const high = registry.register("A", { name: "high" }, { "service.ranking": 5 });
  high.setProperties({ "service.ranking": 6 });
  high.unregister();
  assert.deepEqual([anew.isValid, rebound.isValid], [true, true]);
  assert.deepEqual(log, [
    ...["anew low", "first low", "anew high", "then high", "anew low", "then low"],
  ]);
});

Deno.test("all services of an interface are given to who asks for all, by filter and rank", async () => {
  const { registry, context } = await aBundle();
  const seen: number[][] = [];
  using component = createComponent(context, {
    name: "all",
    requires: { list: { interface: "A", filter: "(on=true)", aggregate: true } },
    validate: ({ list }) => void seen.push(list.map((item) => (item as { n: number }).n)),
    rebind: ({ list }) => void seen.push(list.map((item) => (item as { n: number }).n)),
  });
  registry.register("A", { n: 0 }, { on: false });
  const one = registry.register("A", { n: 1 }, { on: true });
  registry.register("A", { n: 2 }, { on: true, "service.ranking": 1 });
  one.setProperties({ on: false });
  assert.equal(component.isValid, true);
  assert.deepEqual(seen, [[1], [2, 1], [2]]);
});

Deno.test("a component whose callbacks fail is reported and harms nobody", async () => {
  const { registry, context, messages } = await aBundle();
  using component = createComponent(context, {
    name: "broken",
    requires: { a: { interface: "A" } },
    validate: () => {
      throw new Error("not today");
    },
  });
  registry.register("A", {});
  assert.equal(component.isValid, false);
  assert.deepEqual(messages, ["Component broken failed to validate: not today"]);
});

Deno.test("components of one chain come and go together", async () => {
  const { registry, context } = await aBundle();
  const make = (name: string, needs: string, gives: string) =>
    createComponent(context, {
      name,
      requires: { x: { interface: needs } },
      provides: gives,
      validate: () => ({}),
    });
  using third = make("third", "B", "C");
  using second = make("second", "A", "B");
  const a = registry.register("A", {});
  assert.deepEqual([second.isValid, third.isValid], [true, true]);
  a.unregister();
  assert.deepEqual([second.isValid, third.isValid], [false, false]);
  assert.deepEqual(registry.getReferences(), []);
});

Deno.test("a tracker follows, in the order of services", () => {
  const { registry } = new Framework();
  const log: string[] = [];
  registry.register("A", { n: 1 });
  using tracker = new ServiceTracker(registry, "A", {
    filter: "(!(off=true))",
    onAdded: (_, { id }) => log.push(`+${id}`),
    onModified: (_, { id }) => log.push(`~${id}`),
    onRemoved: (_, { id }) => log.push(`-${id}`),
  });
  const two = registry.register("A", { n: 2 }, { "service.ranking": 3 });
  registry.register("B", {});
  assert.deepEqual(tracker.services, [{ n: 2 }, { n: 1 }]);
  two.setProperties({});
  assert.deepEqual(tracker.service, { n: 1 });
  two.setProperties({ off: true });
  tracker.close();
  assert.deepEqual(log, ["+1", "+2", "~2", "-2", "-1"]);
});

Deno.test("a service is waited for, within a time and until the caller gives up", async () => {
  const framework = new Framework();
  const waiting = framework.waitForService<{ n: number }>("A", { filter: "(n=2)" });
  framework.registry.register("A", { n: 1 }, { n: 1 });
  framework.registry.register("A", { n: 2 }, { n: 2 });
  assert.equal((await waiting).n, 2);
  assert.equal((await framework.waitForService<{ n: number }>("A")).n, 1);
  await assert.rejects(framework.waitForService("B", { timeoutMs: 10 }), { name: "TimeoutError" });
  await assert.rejects(framework.waitForService("B", { filter: "(bad", timeoutMs: 1 }), {
    name: "FilterSyntaxError",
  });
  const stop = new AbortController();
  const stopped = framework.waitForService("B", { signal: stop.signal });
  const reason = new Error("enough");
  stop.abort(reason);
  await assert.rejects(stopped, (error) => error === reason);
});

Deno.test("a component is not given its own service, and a circle of components is broken", async () => {
  const { registry, context, messages } = await aBundle();
  const composite = createComponent(context, {
    name: "composite",
    requires: { parts: { interface: "A", optional: true, aggregate: true } },
    provides: "A",
    validate: ({ parts }) => ({ parts }),
  });
  assert.equal(composite.isValid, true);
  composite.close();
  const make = (name: string, needs: string, gives: string) =>
    createComponent(context, {
      name,
      requires: { x: { interface: needs, optional: true } },
      provides: gives,
      validate: () => ({}),
    });
  using _one = make("one", "Y", "X");
  using _two = make("two", "X", "Y");
  assert.match(messages.join(), /Component (?:one|two) .*circle/);
  assert.ok(registry.getReferences().length < 3);
});

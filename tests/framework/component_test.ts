import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import {
  type ComponentState,
  createComponent,
  registerComponentFactory,
  requirement,
  type ServiceRegistration,
} from "../../src/framework/mod.ts";
import { startBundle, until } from "../support/framework.ts";
import { measureProcessorMs } from "../support/processor_time.ts";

interface Named {
  readonly name: string;
}

Deno.test("createComponent keeps a component valid while its mandatory services exist", async () => {
  const { registry, context } = await startBundle();
  const log: string[] = [];
  await using component = createComponent(context, {
    name: "c",
    requires: {
      a: requirement<Named>("A"),
      b: requirement<Named>("B", { optional: true }),
    },
    provides: "C",
    properties: { colour: "red" },
    validate: ({ a, b }) => {
      log.push(`validate ${a.name} ${b?.name}`);
      return { of: a };
    },
    invalidate: ({ of }) => void log.push(`invalidate ${of.name}`),
  });
  assert.deepEqual(component.state, { kind: "unsatisfied", missing: ["a"] });
  const a = registry.register("A", { name: "one" });
  assert.equal(component.isValid, true);
  const [reference] = registry.getReferences("C");
  assert.equal(component.provided, reference);
  assert.equal(reference?.properties.colour, "red");
  assert.equal(reference?.owner.name, "b");
  assert.deepEqual(a.reference.users, [context.bundle]);
  assert.deepEqual(
    component.requirements.map(({ name, references }) => [name, references]),
    [["a", [a.reference]], ["b", []]],
  );
  a.close();
  assert.equal(component.isValid, false);
  assert.deepEqual(registry.getReferences("C"), []);
  assert.deepEqual(log, ["validate one undefined", "invalidate one"]);
});

Deno.test("createComponent injects a better service by rebind, or validates again", async () => {
  const { registry, context } = await startBundle();
  const log: string[] = [];
  await using again = createComponent(context, {
    name: "again",
    requires: { a: requirement<Named>("A") },
    validate: ({ a }) => void log.push(`again ${a.name}`),
  });
  await using rebound = createComponent(context, {
    name: "rebound",
    requires: { a: requirement<Named>("A") },
    validate: ({ a }) => void log.push(`first ${a.name}`),
    rebind: ({ a }) => void log.push(`then ${a.name}`),
  });
  registry.register("A", { name: "low" });
  registry.register("A", { name: "lower" }, { "service.ranking": -1 });
  const high = registry.register("A", { name: "high" }, { "service.ranking": 5 });
  high.setProperties({ "service.ranking": 6 });
  high.close();
  assert.deepEqual([again.isValid, rebound.isValid], [true, true]);
  assert.deepEqual(log, [
    "again low",
    "first low",
    "again high",
    "then high",
    "again low",
    "then low",
  ]);
});

Deno.test("createComponent injects all matching services of an aggregate by rank", async () => {
  const { registry, context } = await startBundle();
  const seen: number[][] = [];
  const record = ({ list }: { readonly list: readonly { n: number }[] }) =>
    void seen.push(list.map(({ n }) => n));
  await using component = createComponent(context, {
    name: "all",
    requires: {
      list: requirement<{ n: number }>("A", { filter: "(on=true)", aggregate: true }),
    },
    validate: record,
    rebind: record,
  });
  registry.register("A", { n: 0 }, { on: false });
  const one = registry.register("A", { n: 1 }, { on: true });
  registry.register("A", { n: 2 }, { on: true, "service.ranking": 1 });
  one.setProperties({ on: false });
  assert.equal(component.isValid, true);
  assert.deepEqual(seen, [[1], [2, 1], [2]]);
});

Deno.test("createComponent keeps an optional aggregate valid without services", async () => {
  const { context } = await startBundle();
  let count = -1;
  await using _component = createComponent(context, {
    name: "c",
    requires: { list: requirement<Named>("A", { aggregate: true, optional: true }) },
    validate: ({ list }) => void (count = list.length),
  });
  assert.equal(count, 0);
});

Deno.test("Component whose validate throws is failed, logged, and retried on a change", async () => {
  const { registry, context, logger } = await startBundle();
  let isBroken = true;
  await using component = createComponent(context, {
    name: "broken",
    requires: { a: requirement("A") },
    validate: () => {
      if (isBroken) throw new Error("not today");
    },
  });
  const a = registry.register("A", {});
  assert.equal(component.isValid, false);
  assert.equal(component.state.kind, "failed");
  assert.deepEqual(logger.all, ["error Component broken failed to validate: not today"]);
  isBroken = false;
  a.setProperties({ changed: true });
  assert.equal(component.isValid, true);
});

Deno.test("Component with an async validate provides what its promise resolves to", async () => {
  const { registry, context } = await startBundle();
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  await using component = createComponent(context, {
    name: "slow",
    requires: { a: requirement<Named>("A") },
    provides: "S",
    validate: async ({ a }) => {
      await gate.promise;
      return { name: `slow ${a.name}` };
    },
    invalidate: ({ name }) => void log.push(name),
  });
  const a = registry.register("A", { name: "a" });
  assert.equal(component.state.kind, "validating");
  assert.deepEqual(registry.getReferences("S"), []);
  const waiting = context.framework.registry;
  gate.resolve();
  await until(() => component.isValid);
  const [reference] = waiting.getReferences("S");
  assert.ok(reference);
  assert.deepEqual(registry.getService(reference), { name: "slow a" });
  a.close();
  assert.deepEqual(log, ["slow a"]);
});

Deno.test("Component that loses its service during an async validate is invalidated", async () => {
  const { registry, context } = await startBundle();
  const gate = Promise.withResolvers<void>();
  const states: ComponentState["kind"][] = [];
  await using component = createComponent(context, {
    name: "late",
    requires: { a: requirement("A") },
    provides: "S",
    validate: async () => {
      await gate.promise;
      return {};
    },
    invalidate: () => void states.push(component.state.kind),
  });
  registry.register("A", {}).close();
  gate.resolve();
  await until(() => component.state.kind === "unsatisfied");
  assert.deepEqual(states, ["invalidating"]);
  assert.deepEqual(registry.getReferences("S"), []);
});

Deno.test("Component with an async validate survives any number of changes during it", async () => {
  const { registry, context, logger } = await startBundle();
  let count = 0;
  await using component = createComponent(context, {
    name: "flapping",
    requires: { a: requirement("A") },
    validate: async () => {
      count++;
      if (count > 200) return;
      registry.register("A", {}, { "service.ranking": count }); // a better one
      await Promise.resolve();
    },
  });
  registry.register("A", {});
  for (let turn = 0; !component.isValid || count < 201; turn++) {
    assert.ok(turn < 5000, `${count} ${component.state.kind}`);
    await Promise.resolve();
  }
  assert.deepEqual(logger.all, []);
});

Deno.test("Component logs the rejections of its async callbacks", async () => {
  const { registry, context, logger } = await startBundle();
  const fail = (step: string) => Promise.reject(new Error(`no ${step}`));
  const component = createComponent(context, {
    name: "c",
    requires: { a: requirement("A") },
    validate: () => {},
    rebind: () => fail("rebind"),
    invalidate: () => fail("invalidate"),
  });
  createComponent(context, { name: "d", validate: () => fail("validate") });
  registry.register("A", {});
  registry.register("A", {}, { "service.ranking": 1 });
  await until(() => component.state.kind === "valid");
  await component.close();
  assert.deepEqual(logger.all.sort(), [
    "error Component c failed to invalidate: no invalidate",
    "error Component c failed to rebind: no rebind",
    "error Component d failed to validate: no validate",
  ]);
});

Deno.test("Component.close resolves after its async invalidate, also with its bundle", async () => {
  const { registry, context, bundle } = await startBundle();
  const log: string[] = [];
  const component = createComponent(context, {
    name: "c",
    validate: () => {},
    invalidate: async () => {
      await Promise.resolve();
      log.push("invalidated");
    },
  });
  context.onStop(async () => {
    await Promise.resolve();
    log.push("cleaned up");
  });
  registry.register("A", {});
  await bundle.stop();
  assert.deepEqual(log, ["cleaned up", "invalidated"]);
  await component.close();
  assert.deepEqual([component.state.kind, context.framework.components.components], ["closed", []]);
});

Deno.test("Component that provides a service but returns no object fails", async () => {
  const { context, logger } = await startBundle();
  await using component = createComponent(context, {
    name: "empty",
    provides: "E",
    validate: () => {},
  });
  assert.equal(component.state.kind, "failed");
  assert.deepEqual(logger.all, [
    "error Component empty failed to validate: Cannot provide E: validate returned no object",
  ]);
});

Deno.test("Components that depend on one another are validated and invalidated together", async () => {
  const { registry, context } = await startBundle();
  const create = (name: string, needs: string, provides: string) =>
    createComponent(context, {
      name,
      requires: { x: requirement(needs) },
      provides,
      validate: () => ({}),
    });
  await using third = create("third", "B", "C");
  await using second = create("second", "A", "B");
  const a = registry.register("A", {});
  assert.deepEqual([second.isValid, third.isValid], [true, true]);
  a.close();
  assert.deepEqual([second.isValid, third.isValid], [false, false]);
  assert.deepEqual(registry.getReferences(), []);
});

Deno.test("Component is not injected with its own service, and a cycle of components ends", async () => {
  const { registry, context, logger } = await startBundle();
  const composite = createComponent(context, {
    name: "composite",
    requires: { parts: requirement("A", { optional: true, aggregate: true }) },
    provides: "A",
    validate: ({ parts }) => ({ parts }),
  });
  assert.equal(composite.isValid, true);
  await composite.close();
  const create = (name: string, needs: string, provides: string) =>
    createComponent(context, {
      name,
      requires: { x: requirement(needs, { optional: true }) },
      provides,
      validate: () => ({}),
    });
  await using _one = create("one", "Y", "X");
  await using _two = create("two", "X", "Y");
  assert.match(logger.all.join(), /Component (?:one|two) failed to settle: .*cycle/);
  assert.ok(registry.getReferences().length < 3);
});

Deno.test("ComponentRegistry creates requested components once their factory is registered", async () => {
  const { framework, context } = await startBundle();
  const { components } = framework;
  const request = components.instantiate("printer-factory", "laser", { colour: false });
  const current = () => request.component;
  assert.equal(current(), undefined);
  const factory = framework.installBundle({
    name: "printers",
    start: (context) =>
      void registerComponentFactory(context, "printer-factory", (properties) => ({
        provides: "Printer",
        properties,
        validate: () => ({}),
      })),
  });
  await factory.start();
  assert.equal(current()?.provided?.properties.colour, false);
  assert.equal(current()?.name, "laser");
  assert.deepEqual([...components.factories.keys()], ["printer-factory"]);
  assert.throws(() => components.instantiate("printer-factory", "laser"), /the name is taken/);
  assert.throws(
    () => registerComponentFactory(context, "printer-factory", () => ({ validate() {} })),
    /Cannot add component factory printer-factory: the name is taken/,
  );
  await factory.stop();
  assert.deepEqual([current(), components.components], [undefined, []]);
  await factory.start();
  assert.equal(current()?.isValid, true);
  const component = current();
  await request.close();
  assert.equal(component?.state.kind, "closed");
  assert.deepEqual(components.requests, []);
});

Deno.test("Component with one requirement follows 10,000 services of the interface", async () => {
  const { registry, context } = await startBundle();
  let count = 0;
  await using _component = createComponent(context, {
    name: "c",
    requires: { a: requirement("A") },
    validate: () => void count++,
  });
  const usedMs = measureProcessorMs(() => {
    const services = Array.from({ length: 10_000 }, () => registry.register("A", {}));
    for (const service of services) service.close();
  });
  assert.equal(count, 10_000);
  assert.ok(usedMs < 10_000, "a sort for each event takes 35 s");
});

/** Properties of one random run: what happens to the services of a component, and when. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("register" as const),
      name: fc.constantFrom("A", "B"),
      ranking: fc.integer({ min: -1, max: 1 }),
    }),
    fc.record({ kind: fc.constant("close" as const), index: fc.nat(5) }),
    fc.record({
      kind: fc.constant("rank" as const),
      index: fc.nat(5),
      ranking: fc.integer({ min: -2, max: 2 }),
    }),
    fc.record({ kind: fc.constant("wait" as const), turns: fc.integer({ min: 1, max: 4 }) }),
  ),
  { maxLength: 15 },
);

Deno.test("Component agrees with its services after any sequence of changes", async () => {
  const property = fc.asyncProperty(
    STEPS,
    fc.boolean(),
    fc.boolean(),
    async (steps, isAsync, hasRebind) => {
      const { registry, context, logger } = await startBundle();
      const pause = () => isAsync ? Promise.resolve().then(() => {}) : undefined;
      let live: { a: object; b: readonly object[] } | undefined;
      const component = createComponent(context, {
        name: "c",
        requires: {
          a: requirement("A"),
          b: requirement("B", { aggregate: true, optional: true }),
        },
        provides: "C",
        validate(services) {
          assert.equal(live, undefined, "validate follows invalidate");
          live = services;
          const instance = {};
          return isAsync ? Promise.resolve(instance) : instance;
        },
        invalidate() {
          assert.ok(live, "invalidate follows validate");
          live = undefined;
          return pause();
        },
        ...(hasRebind && {
          rebind(services: { a: object; b: readonly object[] }) {
            assert.ok(live, "rebind follows validate");
            live = services;
            return pause();
          },
        }),
      });
      const registrations: ServiceRegistration[] = [];
      for (const step of steps) {
        const one = "index" in step ? registrations[step.index] : undefined;
        if (step.kind === "register") {
          const properties = { "service.ranking": step.ranking };
          registrations.push(registry.register(step.name, {}, properties));
        } else if (step.kind === "close") one?.close();
        else if (
          step.kind === "rank" && registry.getReferences().some((found) => found === one?.reference)
        ) {
          one?.setProperties({ "service.ranking": step.ranking });
        } else if (step.kind === "wait") await settle(step.turns);
      }
      await settle(50);
      const find = (name: string) =>
        registry.getReferences(name).map((reference) => registry.getService(reference));
      const [a] = find("A");
      assert.equal(component.state.kind, a === undefined ? "unsatisfied" : "valid");
      assert.equal(registry.getReferences("C").length, a === undefined ? 0 : 1);
      if (a === undefined) assert.equal(live, undefined);
      else assert.deepEqual([live?.a === a, live?.b], [true, find("B")]);
      await component.close();
      assert.deepEqual([live, component.state.kind, logger.all], [undefined, "closed", []]);
    },
  );
  await fc.assert(property, { numRuns: 500 });
});

async function settle(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

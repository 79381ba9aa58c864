import assert from "node:assert/strict";
import { Framework, type ServiceEvent } from "../../src/framework/mod.ts";
import { LogRecorder } from "../support/events.ts";

Deno.test("services are found by interface, best ranking first, then oldest", () => {
  const { registry } = new Framework();
  const low = registry.register("IAny", { name: "low" });
  const high = registry.register(["IAny", "IOther"], { name: "high" }, { "service.ranking": 5 });
  const second = registry.register("IAny", { name: "second" });
  const ids = registry.getReferences("IAny").map(({ id }) => id);
  assert.deepEqual(ids, [high.reference.id, low.reference.id, second.reference.id]);
  assert.deepEqual(registry.getReferences("IOther"), [high.reference]);
  assert.deepEqual(registry.getReferences("IAny", (p) => p["service.ranking"] === 5), [
    high.reference,
  ]);
  assert.deepEqual(registry.getService(high.reference), { name: "high" });
  assert.deepEqual(high.reference.properties.objectClass, ["IAny", "IOther"]);
  assert.equal(high.reference.properties["service.id"], high.reference.id);
});

Deno.test("listeners hear of each change in order, and a failing one harms nobody", () => {
  const logger = new LogRecorder();
  const { registry } = new Framework({ logger });
  const events: ServiceEvent[] = [];
  registry.addServiceListener(() => {
    throw new Error("broken listener");
  });
  const remove = registry.addServiceListener((event) => events.push(event));
  const service = {};
  const registration = registry.register("IAny", service, { a: 1 });
  registration.setProperties({ b: 2, "service.id": 99 });
  assert.equal(registration.reference.properties.a, undefined);
  assert.equal(registration.reference.properties["service.id"], registration.reference.id);
  registration.unregister();
  registration.unregister();
  assert.deepEqual(events.map(({ type }) => type), ["registered", "modified", "unregistering"]);
  assert.equal(registry.getService(registration.reference), undefined);
  assert.throws(() => registration.setProperties({}), /unregistered/);
  assert.equal(logger.all.filter((line) => line.includes("broken listener")).length, 3);
  remove();
  registry.register("IAny", service);
  assert.equal(events.length, 3);
});

Deno.test("what listeners themselves do is told after what they were told", () => {
  const { registry } = new Framework();
  const told: string[] = [];
  registry.addServiceListener(({ type, reference }) => {
    told.push(`one ${type}`);
    if (type === "modified") registration.unregister();
    if (type === "unregistering") {
      registration.unregister();
      assert.ok(registry.getService(reference), "it can still be used");
    }
  });
  registry.addServiceListener(({ type }) => told.push(`two ${type}`));
  const registration = registry.register("IAny", {});
  assert.deepEqual(told, ["one registered", "two registered"]);
  registration.setProperties({});
  assert.deepEqual(told.slice(2), [
    "one modified",
    "two modified",
    "one unregistering",
    "two unregistering",
  ]);
  assert.equal(registry.getService(registration.reference), undefined);
});

Deno.test("what is no service is refused", () => {
  const { registry } = new Framework();
  assert.throws(() => registry.register([], {}), /give interface names/);
  assert.throws(() => registry.register("a b", {}), TypeError);
  assert.throws(
    () => registry.register("IAny", null as unknown as object),
    /a service is an object/,
  );
});

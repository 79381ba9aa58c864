import assert from "node:assert/strict";
import { Framework, type ServiceEvent, ServiceFactory } from "../../../src/framework/mod.ts";
import { LogRecorder } from "../../support/events.ts";
import { until } from "../../support/framework.ts";

Deno.test("ServiceRegistry finds services by interface, best ranking first, then oldest", () => {
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

Deno.test("ServiceRegistry stores service.ranking as a number, whatever its form", () => {
  const { registry } = new Framework();
  const rankings = ["10", 9n, -1, "high", NaN].map((ranking) =>
    registry.register("A", {}, { "service.ranking": ranking }).reference
  );
  assert.deepEqual(rankings.map(({ properties }) => properties["service.ranking"]), [
    10,
    9,
    -1,
    "high",
    NaN,
  ]);
  assert.deepEqual(registry.getReferences("A").map(({ id }) => id), [1, 2, 4, 5, 3]);
  assert.deepEqual(registry.getReferences("A", "(service.ranking<=9)").map(({ id }) => id), [2, 3]);
});

Deno.test("ServiceRegistry ignores the letter case of names of properties", () => {
  const { registry } = new Framework();
  const given = {
    OBJECTCLASS: "x",
    "Service.ID": 9,
    "Service.Ranking": "7",
    Colour: "red",
    ["__proto__"]: "own",
  };
  const { reference, setProperties } = registry.register("A", {}, given);
  assert.deepEqual(Object.keys(reference.properties).sort(), [
    "Colour",
    "__proto__",
    "objectClass",
    "service.bundleid",
    "service.id",
    "service.ranking",
    "service.scope",
  ]);
  assert.equal(registry.getReferences("A", "(&(colour=red)(service.ranking=7))").length, 1);
  const message = "Cannot use the properties a and A: they differ only in letter case; give one";
  assert.throws(() => registry.register("B", {}, { a: 1, A: 2 }), { name: "TypeError", message });
  assert.throws(() => setProperties({ a: 1, A: 2 }), { message });
  assert.deepEqual(registry.getReferences("B"), []);
  assert.equal(reference.properties.Colour, "red", "the properties stay");
});

Deno.test("ServiceRegistry notifies listeners in order and logs those that throw", () => {
  const logger = new LogRecorder();
  const { registry } = new Framework({ logger });
  const events: ServiceEvent[] = [];
  registry.addServiceListener(() => {
    throw new Error("broken listener");
  });
  const subscription = registry.addServiceListener((event) => events.push(event));
  const service = {};
  const registration = registry.register("IAny", service, { a: 1 });
  registration.setProperties({ b: 2, "service.id": 99 });
  assert.equal(registration.reference.properties.a, undefined);
  assert.equal(registration.reference.properties["service.id"], registration.reference.id);
  registration.close();
  registration.close();
  assert.deepEqual(events.map(({ type }) => type), ["registered", "modified", "unregistering"]);
  assert.equal(registry.getService(registration.reference), undefined);
  assert.throws(() => registration.setProperties({}), {
    message: "Cannot change service 1: it is unregistered; register it again",
  });
  assert.deepEqual(logger.all.slice(0, 1), [
    'error A listener for "registered" of service 1 failed: broken listener',
  ]);
  assert.equal(logger.all.length, 3);
  subscription.close();
  registry.register("IAny", service);
  assert.equal(events.length, 3);
});

Deno.test("ServiceRegistry logs the rejection of an async listener", async () => {
  const logger = new LogRecorder();
  const { registry } = new Framework({ logger });
  registry.addServiceListener(() => Promise.reject(new Error("too late")));
  registry.register("A", {});
  await until(() => logger.all.some((line) => line.includes("too late")));
  const [line] = logger.all;
  assert.equal(line, 'error A listener for "registered" of service 1 failed: too late');
});

Deno.test("ServiceRegistry delivers events that listeners cause after the current event", () => {
  const { registry } = new Framework();
  const log: string[] = [];
  registry.addServiceListener(({ type, reference }) => {
    log.push(`one ${type}`);
    if (type === "modified") registration.close();
    if (type === "unregistering") {
      registration.close();
      assert.ok(registry.getService(reference), "it can still be used");
    }
  });
  registry.addServiceListener(({ type }) => log.push(`two ${type}`));
  const registration = registry.register("IAny", {});
  assert.deepEqual(log, ["one registered", "two registered"]);
  registration.setProperties({});
  assert.deepEqual(log.slice(2), [
    "one modified",
    "two modified",
    "one unregistering",
    "two unregistering",
  ]);
  assert.equal(registry.getService(registration.reference), undefined);
});

Deno.test("ServiceRegistry does not find a service that is unregistering", () => {
  const { registry } = new Framework();
  const seen: number[] = [];
  registry.addServiceListener(({ type, reference }) => {
    if (type !== "unregistering") return;
    assert.ok(registry.getService(reference));
    seen.push(registry.getReferences("A").length);
  });
  registry.register("A", {}).close();
  assert.deepEqual([seen, registry.getReferences().length], [[0], 0]);
});

Deno.test("ServiceRegistry goes on after a listener and the logger throw", () => {
  let failures = 0;
  const fail = () => {
    failures++;
    throw new Error("the logger fails too");
  };
  const { registry } = new Framework({
    logger: { debug: fail, info: fail, warn: fail, error: fail },
  });
  registry.addServiceListener(() => {
    throw new Error("the listener fails");
  });
  registry.register("A", {}).close();
  registry.register("B", {});
  assert.equal(failures, 3);
  assert.deepEqual(registry.getReferences().map(({ interfaces }) => interfaces), [["B"]]);
});

Deno.test("ServiceRegistry notifies a filtered listener when a service stops matching", () => {
  const { registry } = new Framework();
  const log: string[] = [];
  registry.addServiceListener(({ type }) => log.push(type), "(colour=red)");
  const service = registry.register("com.example.A", {}, { colour: "blue" });
  service.setProperties({ colour: "red" });
  service.setProperties({ colour: "red", size: 1 });
  service.setProperties({ colour: "green" });
  service.setProperties({ colour: "white" });
  service.close();
  assert.deepEqual(log, ["modified", "modified", "modified-endmatch"]);
  assert.throws(() => registry.addServiceListener(() => {}, "(colour"), {
    name: "FilterSyntaxError",
  });
});

Deno.test("ServiceRegistration is unregistered at the end of its using block", () => {
  const { registry } = new Framework();
  {
    using registration = registry.register("A", {});
    assert.deepEqual(registry.getReferences("A"), [registration.reference]);
  }
  assert.deepEqual(registry.getReferences("A"), []);
});

Deno.test("ServiceRegistry counts how often each bundle uses a service", () => {
  const { registry } = new Framework();
  const user = { id: 7, name: "user" };
  const { reference } = registry.register("com.example.A", {});
  registry.getService(reference, user);
  registry.getService(reference, user);
  assert.equal(registry.ungetService(reference, user), true);
  assert.deepEqual(reference.users, [user]);
  assert.equal(registry.ungetService(reference, user), true);
  assert.equal(registry.ungetService(reference, user), false);
  assert.deepEqual(reference.users, []);
});

Deno.test("ServiceRegistry refuses what cannot be a service", () => {
  const { registry } = new Framework();
  assert.throws(() => registry.register([], {}), {
    message: "Cannot register a service as []: give interface names without spaces",
  });
  assert.throws(() => registry.register("a b", {}), TypeError);
  assert.throws(() => registry.register("IAny", null as unknown as object), {
    message: "Cannot register a service as IAny: it is null; give an object",
  });
  assert.throws(() => registry.register("IAny", Promise.resolve({})), {
    message:
      "Cannot register a service as IAny: it is a promise; await it and give the object that it resolves to",
  });
});

/** Returns a registry, a log and a function that registers a factory. */
function startFactories() {
  const logger = new LogRecorder();
  const { registry } = new Framework({ logger });
  const ended: object[] = [];
  const register = (scope: "bundle" | "prototype") =>
    registry.register(
      "A",
      new ServiceFactory({
        scope,
        getService: ({ name }) => ({ of: name }),
        ungetService: (_, service) => void ended.push(service),
      }),
    ).reference;
  const [one, two] = [{ id: 1, name: "one" }, { id: 2, name: "two" }];
  return { registry, logger, ended, register, one, two };
}

Deno.test("ServiceFactory of scope bundle creates one object for each bundle", () => {
  const { registry, ended, register, one, two } = startFactories();
  const bundle = register("bundle");
  assert.equal(bundle.properties["service.scope"], "bundle");
  const first = registry.getService(bundle, one);
  assert.deepEqual(first, { of: "one" });
  assert.equal(registry.getService(bundle, one), first);
  assert.deepEqual(registry.getService(bundle, two), { of: "two" });
  assert.deepEqual(registry.getService(bundle), { of: "framework" });
  assert.equal(registry.getServiceObjects(bundle, one).getService(), undefined);
  registry.ungetService(bundle, one);
  assert.deepEqual(ended, []);
  registry.ungetService(bundle, one);
  assert.deepEqual(ended, [first]);
  assert.notEqual(registry.getService(bundle, one), first);
  registry.release(two);
  assert.deepEqual(ended.at(-1), { of: "two" });
  registry.close();
  assert.deepEqual(ended.slice(-2), [{ of: "framework" }, { of: "one" }], "ends with its service");
});

Deno.test("ServiceFactory of scope prototype creates one object for each call", () => {
  const { registry, ended, register, one } = startFactories();
  const objects = registry.getServiceObjects(register("prototype"), one);
  const created = objects.getService();
  assert.ok(created);
  assert.notEqual(objects.getService(), created);
  objects.ungetService(created);
  objects.ungetService(created);
  objects.ungetService({ of: "foreign" });
  assert.deepEqual(ended, [created]);
});

Deno.test("ServiceRegistry logs a factory that fails, returns no object or a promise", async () => {
  const { registry, logger, one } = startFactories();
  const register = (getService: () => object) =>
    registry.register("B", new ServiceFactory({ getService })).reference;
  const broken = register(() => {
    throw new Error("out of order");
  });
  assert.equal(registry.getService(broken, one), undefined);
  assert.deepEqual(broken.users, []);
  assert.equal(registry.getService(register(() => Promise.resolve({})), one), undefined);
  const rejecting = new ServiceFactory({
    getService: () => ({}),
    ungetService: () => Promise.reject(new Error("stuck")),
  });
  const { reference } = registry.register("B", rejecting);
  registry.getService(reference, one);
  registry.ungetService(reference, one);
  await until(() => logger.all.some((line) => line.includes("stuck")));
  assert.deepEqual(logger.all, [
    "error The factory of service 1 failed: out of order",
    "error The factory of service 2 failed: the factory returned a promise; await it and give " +
    "the object that it resolves to",
    "error The factory of service 3 failed: stuck",
  ]);
});

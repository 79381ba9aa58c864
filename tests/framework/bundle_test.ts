import assert from "node:assert/strict";
import {
  type BundleContext,
  createComponent,
  Framework,
  ServiceFactory,
  type ServiceReference,
} from "../../src/framework/mod.ts";

Deno.test("bundles start in order, stop in reverse, and their services go with them", async () => {
  const framework = new Framework({ properties: { place: "here" } });
  const log: string[] = [];
  framework.addBundleListener(({ type, bundle }) => log.push(`${type} ${bundle.name}`));
  let seen: ServiceReference | undefined;
  framework.installBundle({
    name: "first",
    version: "1.2.3",
    start: (context) => {
      const registration = context.registerService("com.example.A", {}, { "service.bundleid": 99 });
      assert.equal(registration.reference.properties["service.bundleid"], 1);
      assert.equal(registration.reference.properties["service.scope"], "singleton");
      assert.equal(context.framework.properties.place, "here");
    },
  });
  const second = framework.installBundle({
    name: "second",
    start: (context) => {
      seen = context.getReference("com.example.A", "(service.bundleid=1)");
      assert.ok(seen);
      assert.ok(context.getService(seen));
      assert.deepEqual(seen.users.map(({ name }) => name), ["second"]);
    },
  });
  await framework.start();
  assert.deepEqual(framework.bundles.map(({ name, state }) => `${name} ${state}`), [
    ...["first active", "second active"],
  ]);
  await second.stop();
  assert.deepEqual(seen?.users, []);
  assert.equal(second.state, "installed");
  await second.start();
  await framework.stop();
  assert.deepEqual(framework.registry.getReferences(), []);
  assert.deepEqual(log, [
    ...["installed first", "installed second", "started first", "started second"],
    ...["stopped second", "started second", "stopped second", "stopped first"],
  ]);
  await second.uninstall();
  await second.uninstall();
  assert.deepEqual(framework.bundles.map(({ name }) => name), ["first"]);
  await assert.rejects(second.start(), /uninstalled/);
});

Deno.test("a bundle that fails leaves nothing and does not stop the others", async () => {
  const framework = new Framework();
  const started: string[] = [];
  const errors: unknown[] = [];
  framework.addBundleListener(({ type, error }) => type === "error" && errors.push(error));
  const fail = new Error("no");
  framework.installBundle({
    name: "bad",
    start: (context: BundleContext) => {
      context.registerService("com.example.Half", {});
      return Promise.reject(fail);
    },
  });
  framework.installBundle({
    name: "good",
    start: () => void started.push("good"),
    stop: () => {
      throw fail;
    },
  });
  framework.installBundle({ name: "plain" });
  await assert.rejects(framework.start(), (error) => {
    assert.ok(error instanceof AggregateError);
    assert.equal(error.errors[0].cause, fail);
    assert.match(error.errors[0].message, /Bundle bad failed to start/);
    return true;
  });
  assert.deepEqual(started, ["good"]);
  assert.deepEqual(framework.registry.getReferences(), []);
  assert.deepEqual(framework.bundles.map(({ state }) => state), ["installed", "active", "active"]);
  await assert.rejects(framework.stop(), AggregateError);
  assert.deepEqual(framework.bundles.map(({ state }) => state), Array(3).fill("installed"));
  assert.deepEqual(errors, [fail, fail]);
});

Deno.test("a bundle needs a name that no other has", () => {
  const framework = new Framework();
  framework.installBundle({ name: "a" });
  assert.throws(() => framework.installBundle({ name: "a" }), /there is one of that name/);
  assert.throws(() => framework.installBundle({ name: "a b" }), /give it a name/);
});

Deno.test("listeners and components of a bundle end with it", async () => {
  const framework = new Framework();
  const heard: string[] = [];
  const bundle = framework.installBundle({
    name: "b",
    start: (context) => {
      context.addServiceListener(({ type }) => void heard.push(type), "(objectClass=A)");
      createComponent(context, {
        name: "c",
        requires: { own: { interface: "P", optional: true }, a: { interface: "A" } },
        provides: "P",
        validate: () => ({}),
      });
      context.onStop(() => void heard.push("stopped"));
      context.onStop(() => void heard.push("never"))();
    },
  });
  await bundle.start();
  const a = framework.registry.register("A", {});
  assert.equal(framework.registry.getReferences("P").length, 1);
  await bundle.stop();
  a.setProperties({ x: 1 });
  assert.deepEqual(heard, ["registered", "stopped"]);
  assert.deepEqual(framework.registry.getReferences("P"), []);
  await bundle.start();
  assert.equal(framework.registry.getReferences("P").length, 1);
  await framework.stop();
});

Deno.test("a service that is leaving is told of but no longer found, whatever a listener does", () => {
  let failures = 0;
  const silent = () => {};
  const { registry } = new Framework({
    logger: {
      ...{ debug: silent, info: silent, warn: silent },
      error: () => {
        failures++;
        throw new Error("the logger fails too");
      },
    },
  });
  const seen: number[] = [];
  registry.addServiceListener(({ type, reference }) => {
    if (type !== "unregistering") return;
    assert.ok(registry.getService(reference));
    seen.push(registry.getReferences("A").length);
    throw new Error("so does the listener");
  });
  const a = registry.register("A", {});
  assert.throws(() => a.unregister(), /logger fails/);
  assert.deepEqual([seen, failures, registry.getReferences().length], [[0], 1, 0]);
  registry.register("B", {});
  assert.equal(registry.getReferences("B").length, 1, "the registry goes on");
});

Deno.test("a listener with a filter hears of its services, and when they match no longer", () => {
  const { registry } = new Framework();
  const heard: string[] = [];
  registry.addServiceListener(({ type }) => heard.push(type), "(colour=red)");
  const service = registry.register("com.example.A", {}, { colour: "blue" });
  service.setProperties({ colour: "red" });
  service.setProperties({ colour: "red", size: 1 });
  service.setProperties({ colour: "green" });
  service.setProperties({ colour: "white" });
  service.unregister();
  assert.deepEqual(heard, ["modified", "modified", "modified-endmatch"]);
  assert.throws(() => registry.addServiceListener(() => {}, "(colour"), {
    name: "FilterSyntaxError",
  });
});

Deno.test("a service is in use until it is given back as often as it was got", () => {
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

Deno.test("a factory makes a service for each user, and one for each call where it is a prototype", () => {
  const messages: string[] = [];
  const log = (message: string) => void messages.push(message);
  const { registry } = new Framework({ logger: { debug: log, info: log, warn: log, error: log } });
  const [one, two] = [{ id: 1, name: "one" }, { id: 2, name: "two" }];
  const ended: unknown[] = [];
  const make = (scope: "bundle" | "prototype") =>
    registry.register(
      "A",
      new ServiceFactory<{ of: string }>({
        scope,
        getService: ({ name }) => ({ of: name }),
        ungetService: (_, service) => ended.push(service),
      }),
    ).reference;
  const bundle = make("bundle");
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
  const prototype = make("prototype");
  const objects = registry.getServiceObjects(prototype, one);
  const made = objects.getService();
  assert.ok(made);
  assert.notEqual(objects.getService(), made);
  objects.ungetService(made);
  assert.equal(ended.at(-1), made);
  registry.close();
  // What is still in use ends with the service.
  assert.deepEqual(ended.slice(-2), [{ of: "framework" }, { of: "one" }]);
  const { reference: broken } = registry.register(
    "B",
    new ServiceFactory({
      getService: () => {
        throw new Error("out of order");
      },
    }),
  );
  assert.equal(registry.getService(broken, one), undefined);
  assert.deepEqual(broken.users, []);
  assert.deepEqual(messages, ["The factory of service 3 failed: out of order"]);
});

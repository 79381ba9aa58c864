import assert from "node:assert/strict";
import {
  type BundleContext,
  createComponent,
  Framework,
  requirement,
  type ServiceReference,
} from "../../src/framework/mod.ts";
import { LogRecorder } from "../support/events.ts";

Deno.test("Framework starts bundles in order, stops them in reverse, and ends their services", async () => {
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
    "first active",
    "second active",
  ]);
  await second.stop();
  assert.deepEqual(seen?.users, []);
  assert.equal(second.state, "installed");
  await second.start();
  await framework.stop();
  assert.deepEqual(framework.registry.getReferences(), []);
  assert.deepEqual(log, [
    "installed first",
    "installed second",
    "started first",
    "started second",
    "stopped second",
    "started second",
    "stopped second",
    "stopped first",
  ]);
  await second.uninstall();
  await second.uninstall();
  assert.deepEqual(framework.bundles.map(({ name }) => name), ["first"]);
  await assert.rejects(second.start(), /uninstalled/);
});

Deno.test("Framework starts and stops the other bundles when an activator fails", async () => {
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
    assert.match(error.errors[0].message, /^Cannot start bundle bad: no$/);
    return true;
  });
  assert.deepEqual(started, ["good"]);
  assert.deepEqual(framework.registry.getReferences(), []);
  assert.deepEqual(framework.bundles.map(({ state }) => state), ["installed", "active", "active"]);
  await assert.rejects(framework.stop(), AggregateError);
  assert.deepEqual(framework.bundles.map(({ state }) => state), Array(3).fill("installed"));
  assert.deepEqual(errors, [fail, fail]);
});

Deno.test("Framework refuses a bundle without a name of its own", () => {
  const framework = new Framework();
  framework.installBundle({ name: "a" });
  assert.throws(
    () => framework.installBundle({ name: "a" }),
    /Cannot install bundle a: the name is taken; give another one/,
  );
  assert.throws(() => framework.installBundle({ name: "a b" }), /give it a name without spaces/);
});

Deno.test("Bundle ends its listeners, components and cleanups when it stops", async () => {
  const framework = new Framework();
  const log: string[] = [];
  const bundle = framework.installBundle({
    name: "b",
    start: (context) => {
      context.addServiceListener(({ type }) => void log.push(type), "(objectClass=A)");
      createComponent(context, {
        name: "c",
        requires: { own: requirement("P", { optional: true }), a: requirement("A") },
        provides: "P",
        validate: () => ({}),
      });
      context.onStop(() => void log.push("stopped"));
      context.onStop(() => void log.push("never")).close();
    },
  });
  await bundle.start();
  const a = framework.registry.register("A", {});
  assert.equal(framework.registry.getReferences("P").length, 1);
  await bundle.stop();
  a.setProperties({ x: 1 });
  assert.deepEqual(log, ["registered", "stopped"]);
  assert.deepEqual(framework.registry.getReferences("P"), []);
  await bundle.start();
  assert.equal(framework.registry.getReferences("P").length, 1);
  await framework.stop();
});

Deno.test("Framework logs rejections of async listeners and cleanups and goes on", async () => {
  const logger = new LogRecorder();
  const framework = new Framework({ logger });
  framework.addBundleListener(({ type }) =>
    type === "started" ? Promise.reject(new Error("bad listener")) : undefined
  );
  const log: string[] = [];
  const bundle = framework.installBundle({
    name: "b",
    start: (context) => {
      context.onStop(() => void log.push("last"));
      context.onStop(() => Promise.reject(new Error("bad cleanup")));
    },
  });
  await bundle.start();
  await bundle.stop();
  assert.deepEqual(log, ["last"]);
  assert.deepEqual(logger.all, [
    'error A listener for "started" of bundle b failed: bad listener',
    "error A cleanup of bundle b failed: bad cleanup",
  ]);
});

Deno.test("Bundle that is stopped while it starts stops after the start", async () => {
  const framework = new Framework();
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const bundle = framework.installBundle({
    name: "slow",
    start: async () => {
      await gate.promise;
      log.push("started");
    },
    stop: () => void log.push("stopped"),
  });
  const both = Promise.all([bundle.start(), bundle.stop()]);
  gate.resolve();
  await both;
  assert.deepEqual([log, bundle.state], [["started", "stopped"], "installed"]);
});

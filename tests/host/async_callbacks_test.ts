import assert from "node:assert/strict";
import {
  createComponent,
  type Logger,
  memory,
  remoteServices,
  requirement,
  ServiceTracker,
} from "../../mod.ts";

/** Returns a callback that rejects with its name; an unhandled rejection fails the test. */
function rejectAs(name: string): () => Promise<never> {
  return () => Promise.reject(new Error(`rejected by ${name}`));
}

/** Collects messages; each of its functions rejects too. */
function createFailingLogger(messages: string[]): Logger {
  const record = (message: string) => {
    messages.push(message);
    return Promise.reject(new Error("rejected by the logger"));
  };
  return { debug: record, info: record, warn: record, error: record };
}

Deno.test("RemoteServices logs the rejection of every kind of callback, and goes on", async () => {
  const messages: string[] = [];
  const discovery = [memory()];
  await using server = await remoteServices({
    discovery,
    http: { port: 0, authenticate: rejectAs("authenticate") },
    logger: createFailingLogger(messages),
    drainMs: 0,
  });
  await using client = await remoteServices({
    discovery,
    logger: createFailingLogger(messages),
    drainMs: 0,
  });
  const { framework, admin } = client;
  client.onEndpoint(rejectAs("onEndpoint"));
  framework.registry.addServiceListener(rejectAs("service listener"));
  framework.addBundleListener(rejectAs("bundle listener"));
  admin.addListener(rejectAs("admin listener"));
  using _tracker = ServiceTracker.open(framework.registry, "I", {
    onAdded: rejectAs("onAdded"),
    onModified: rejectAs("onModified"),
    onRemoved: rejectAs("onRemoved"),
  });
  await framework.installBundle({
    name: "bundle",
    start(context) {
      context.onStop(rejectAs("onStop"));
      const requires = { service: requirement("I") };
      createComponent(context, { name: "a", requires, validate: rejectAs("validate") });
      const invalidate = rejectAs("invalidate");
      createComponent(context, { name: "b", requires, validate: () => ({}), invalidate });
    },
  }).start();
  const registration = await server.register("I", { ask: () => 1 });
  const proxy = await client.service<{ ask(): number }>("I");
  await assert.rejects(async () => await proxy.ask(), { name: "RemoteCallError" });
  await registration.setProperties({ colour: "red" });
  await registration.close();
  await framework.stop();
  const names = ["authenticate", "onEndpoint", "service listener", "bundle listener"];
  names.push("admin listener", "onAdded", "onModified", "onRemoved", "onStop", "validate");
  for (const name of [...names, "invalidate"]) {
    assert.ok(messages.some((line) => line.includes(`rejected by ${name}`)), name);
  }
});

import assert from "node:assert/strict";
import { getRemoteCaller, type RemoteCall } from "../../../src/distribution/mod.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { createWorld, listTypes } from "../world.ts";

type AnyProxy = Record<string, (...parameters: unknown[]) => Promise<unknown>>;

Deno.test("RemoteServiceAdmin registers an import with the endpoint's properties until it is closed", () => {
  const { registry, admin, events } = createWorld();
  const endpoint = anEndpoint({ extras: new Map([["colour", "red"]]) });
  const registration = admin.importService(endpoint);
  const [reference] = registry.getReferences("org.example.IAny");
  assert.equal(reference, registration.reference);
  assert.equal(reference?.properties["service.imported"], true);
  assert.equal(reference?.properties.colour, "red");
  assert.equal(reference?.properties["endpoint.id"], endpoint.id);
  const blue = anEndpoint({ id: endpoint.id, extras: new Map([["colour", "blue"]]) });
  const linked = admin.importService(blue);
  assert.equal(linked.reference, reference);
  assert.equal(reference?.properties.colour, "blue");
  registration.close();
  registration.close();
  assert.equal(admin.imports.length, 1);
  assert.equal(registry.getReferences().length, 1, "the other registration holds it");
  linked.close();
  assert.deepEqual(registry.getReferences(), []);
  assert.deepEqual(listTypes(events), [
    "import-registration",
    "import-update",
    "import-registration",
    "import-unregistration",
    "import-unregistration",
  ]);
});

Deno.test("RemoteServiceAdmin imports under the asynchronous twins of the interfaces that ECF names", () => {
  const interfaces = ["a.IOne", "a.ITwoAsync", "a.IThree"];
  const importAs = (names: readonly string[]) => {
    const { admin } = createWorld();
    const extras = new Map([["ecf.exported.async.interfaces", names]]);
    return admin.importService(anEndpoint({ interfaces, extras })).reference.interfaces;
  };
  assert.deepEqual(importAs([]), interfaces);
  assert.deepEqual(importAs(["a.IOne", "a.IOther"]), [...interfaces, "a.IOneAsync"]);
  assert.deepEqual(importAs(["a.ITwoAsync"]), interfaces, "it is its own twin");
  assert.deepEqual(importAs(["*"]), [...interfaces, "a.IOneAsync", "a.IThreeAsync"]);
});

Deno.test("RemoteServiceAdmin holds nothing of an import that fails", async () => {
  const { registry, admin } = createWorld();
  const endpoint = anEndpoint();
  const registration = admin.importService(endpoint);
  const foreign = anEndpoint({ id: endpoint.id, configurationTypes: ["x"] });
  assert.throws(() => admin.importService(foreign), { code: "no-provider" });
  registration.close();
  assert.deepEqual(registry.getReferences(), []);
  await admin.close();
  assert.throws(() => admin.importService(endpoint), { code: "closed" });
});

/** Imports an endpoint and returns its proxy as the registry has it. */
function importProxy(options: Parameters<typeof createWorld>[0] = {}, init = {}) {
  const world = createWorld(options);
  const endpoint = anEndpoint(init);
  const registration = world.admin.importService(endpoint);
  const proxy = world.registry.getService(registration.reference) as AnyProxy;
  return { ...world, endpoint, registration, proxy };
}

Deno.test("Imported proxy calls its endpoint with all that an interceptor may need", async () => {
  const { proxy, importer, endpoint } = importProxy();
  assert.equal(await proxy.greet?.("you"), "greet");
  const { timestampMs: _, ...call } = { timestampMs: 0, ...importer.calls[0] };
  assert.deepEqual(call, {
    direction: "outgoing",
    interfaceName: "org.example.IAny",
    method: "greet",
    parameters: ["you"],
    headers: {},
    signal: undefined,
    deadlineMs: undefined,
    endpoint,
    attempt: 1,
    principal: undefined,
    integers: undefined,
  });
  const caller = getRemoteCaller(proxy);
  const signal = new AbortController().signal;
  await caller?.call("greet", [], {
    attempt: 2,
    interfaceName: "ITwin",
    timeoutMs: 1000,
    deadlineMs: 5,
    signal,
    headers: { a: "b" },
  });
  const [, second] = importer.calls;
  assert.deepEqual([second?.attempt, second?.interfaceName, second?.headers], [
    2,
    "ITwin",
    { a: "b" },
  ]);
  assert.deepEqual([second?.deadlineMs, second?.signal], [5, signal]);
});

Deno.test("Client interceptors run around each call, the first one outermost", async () => {
  const order: string[] = [];
  const { proxy, importer } = importProxy({
    interceptors: {
      client: [(next) => async (call) => {
        order.push(`first ${call.direction} ${call.attempt}`);
        return `<${await next({ ...call, headers: { ...call.headers, traced: "yes" } })}>`;
      }, (next) => (call) => {
        order.push(`second ${call.headers.traced}`);
        return next(call);
      }],
    },
  });
  assert.equal(await proxy.greet?.(), "<greet>");
  assert.deepEqual(order, ["first outgoing 1", "second yes"]);
  assert.deepEqual(importer.calls[0]?.headers, { traced: "yes" });
});

/** Answers of calls that a test ends itself. */
function blockCalls() {
  const unblock = Promise.withResolvers<string>();
  return { answer: (_: RemoteCall): Promise<unknown> => unblock.promise, unblock };
}

Deno.test("A closed import refuses new calls and lets running ones end", async () => {
  const { proxy, importer, registration, endpoint } = importProxy();
  const { answer, unblock } = blockCalls();
  importer.answer = answer;
  const running = proxy.greet?.();
  registration.close();
  await assert.rejects(async () => await proxy.greet?.(), {
    name: "RemoteCallError",
    code: "endpoint-gone",
    isExecuted: false,
    method: "greet",
    endpointId: endpoint.id,
  });
  assert.deepEqual(importer.closed, [], "its connections are in use");
  unblock.resolve("done");
  assert.equal(await running, "done");
  assert.deepEqual(importer.closed, [endpoint.id]);
  assert.equal(importer.calls.length, 1);
});

Deno.test("Closing the admin closes imports with running calls, also withdrawn ones", async () => {
  const { proxy, importer, registration, admin, endpoint } = importProxy();
  const { answer, unblock } = blockCalls();
  importer.answer = answer;
  const running = proxy.greet?.();
  registration.close();
  await admin.close();
  assert.deepEqual(importer.closed, [endpoint.id]);
  unblock.resolve("done");
  await running;
});

Deno.test("An update to other interfaces registers a new proxy and lets running calls end", async () => {
  const { proxy, importer, registration, registry, endpoint } = importProxy();
  const { answer, unblock } = blockCalls();
  importer.answer = answer;
  const running = proxy.greet?.();
  registration.update(anEndpoint({ id: endpoint.id, interfaces: ["IOther"] }));
  assert.deepEqual(registry.getReferences("org.example.IAny"), []);
  assert.equal(registry.getReferences("IOther").length, 1);
  unblock.resolve("done");
  assert.equal(await running, "done");
});

Deno.test("An update in place keeps the proxy and its advertised methods up to date", async () => {
  const { proxy, registration, endpoint } = importProxy({}, {
    extras: new Map([["rs.methods", "greet add"]]),
  });
  assert.deepEqual(Object.keys(proxy), ["greet", "add"]);
  await assert.rejects(async () => await proxy.nope?.(), /it has the methods greet, add/);
  registration.update(anEndpoint({ id: endpoint.id, extras: new Map([["rs.methods", "nope"]]) }));
  assert.deepEqual(Object.keys(proxy), ["nope"]);
  assert.equal(await proxy.nope?.(), "nope");
});

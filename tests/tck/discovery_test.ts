// Facts of the OSGi test suite for endpoint listeners and discovery (Compendium, 122.6), one
// test for each id. docs/osgi.md has the differences.
import assert from "node:assert/strict";
import {
  decodeEndpoint,
  encodeEndpoint,
  type EndpointDescription,
  type EndpointEvent,
  TopologyManager,
} from "../../mod.ts";
import { createMemoryHub, memory } from "../../src/discovery/memory/mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { createEvent, createWorld } from "../rsa/world.ts";

/** Starts a discovery that advertises and one that listens, and records the latter's events. */
async function startDiscovery(scope?: string | string[]) {
  const context = { logger: SILENT, clock: SYSTEM_CLOCK, hostIp: "127.0.0.1" };
  const create = memory({ hub: createMemoryHub() });
  const [exporter, consumer] = [create(context), create(context)];
  await exporter.start();
  await consumer.start();
  const events: EndpointEvent[] = [];
  const listener = {
    ...(scope === undefined ? {} : { scope }),
    endpointChanged: (event: EndpointEvent) => void events.push(event),
  };
  const subscription = consumer.addListener(listener);
  return {
    exporter,
    consumer,
    events,
    subscription,
    /** Waits until every change so far is reported, which happens in microtasks. */
    settle: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    async [Symbol.asyncDispose]() {
      await consumer.close();
      await exporter.close();
    },
  };
}

const withColour = (colour: string, id = "a") =>
  anEndpoint({ id, extras: new Map([["colour", colour]]) });

/** Returns kinds of events and the filters that matched. */
function summarize(events: readonly EndpointEvent[]): unknown[] {
  return events.map(({ type, matchedFilter }) => [type, matchedFilter]);
}

Deno.test("DI-01 A listener with a scope is called once, with the filter that matched", async () => {
  await using world = await startDiscovery("(objectClass=org.example.IAny)");
  const endpoint = anEndpoint();
  await world.exporter.advertise(endpoint);
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", "(objectClass=org.example.IAny)"]]);
  assert.ok(world.events[0]?.endpoint.equals(endpoint));
});

Deno.test("DI-02 A listener whose scope does not match is not called", async () => {
  await using world = await startDiscovery(["(objectClass=org.example.Other)", "(colour=blue)"]);
  await world.exporter.advertise(withColour("red"));
  await world.settle();
  assert.deepEqual(world.events, []);
});

Deno.test("DI-03 Of several filters that match, the first of the scope is given", async () => {
  await using world = await startDiscovery(["(colour=blue)", "(colour=*)", "(endpoint.id=*)"]);
  await world.exporter.advertise(withColour("red"));
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", "(colour=*)"]]);
});

Deno.test("DI-04 A listener with an empty scope is never called", async () => {
  for (const scope of ["", []]) {
    await using world = await startDiscovery(scope);
    await world.exporter.advertise(anEndpoint());
    await world.settle();
    assert.deepEqual(world.events, []);
  }
});

Deno.test("DI-05 A listener without a scope is called for every endpoint", async () => {
  await using world = await startDiscovery();
  await world.exporter.advertise(anEndpoint());
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", undefined]]);
});

Deno.test("DI-06 A listener whose scope is not a filter is refused", async () => {
  await assert.rejects(startDiscovery(["(colour=*)", "(colour=red"]), {
    name: "FilterSyntaxError",
  });
});

Deno.test("DI-07 A discovered description has all that the exporter advertised", async () => {
  await using world = await startDiscovery();
  const endpoint = anEndpoint({
    id: "some:uri",
    interfaces: ["A"],
    serviceId: 12345,
    frameworkUuid: "remote",
    extras: new Map([["overridden", "new"], ["extra", "kept"]]),
  });
  await world.exporter.advertise(endpoint);
  await world.settle();
  assert.deepEqual(world.events[0]?.endpoint.properties, endpoint.properties);
  const read = decodeEndpoint(encodeEndpoint(endpoint, { sessionId: "s", hostIp: "127.0.0.1" }));
  assert.deepEqual(read.properties, endpoint.properties);
  const { properties } = read;
  assert.deepEqual(
    ["endpoint.service.id", "endpoint.id", "objectClass", "overridden", "extra"].map((name) =>
      properties.get(name)
    ),
    [12345, "some:uri", ["A"], "new", "kept"],
  );
});

Deno.test("DI-08 A removal has an equal description and the filter that matched", async () => {
  await using world = await startDiscovery("(colour=red)");
  const endpoint = withColour("red");
  await world.exporter.advertise(endpoint);
  await world.settle();
  await world.exporter.unadvertise(endpoint.id);
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", "(colour=red)"], [
    "removed",
    "(colour=red)",
  ]]);
  assert.ok(world.events[1]?.endpoint.equals(endpoint));
});

Deno.test("DI-09 A change within the scope is one modification, with the new description", async () => {
  await using world = await startDiscovery("(colour=*)");
  await world.exporter.advertise(withColour("red"));
  await world.settle();
  await world.exporter.update(withColour("blue"));
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", "(colour=*)"], ["modified", "(colour=*)"]]);
  assert.equal(world.events[1]?.endpoint.extras.get("colour"), "blue");
});

Deno.test("DI-10 A change that leaves the scope ends the match, with the former filter", async () => {
  await using world = await startDiscovery("(colour=red)");
  await world.exporter.advertise(withColour("red"));
  await world.settle();
  const blue = withColour("blue");
  await world.exporter.update(blue);
  await world.settle();
  assert.deepEqual(summarize(world.events), [
    ["added", "(colour=red)"],
    ["modified-endmatch", "(colour=red)"],
  ]);
  assert.equal(world.events[1]?.endpoint.extras.get("colour"), "blue");
});

Deno.test("DI-11 A change that enters the scope adds the endpoint", async () => {
  await using world = await startDiscovery("(colour=red)");
  await world.exporter.advertise(withColour("blue"));
  await world.settle();
  await world.exporter.update(withColour("red"));
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", "(colour=red)"]]);
});

Deno.test("DI-12 A change outside the scope is no event", async () => {
  await using world = await startDiscovery("(colour=red)");
  await world.exporter.advertise(withColour("blue"));
  await world.settle();
  await world.exporter.update(withColour("green"));
  await world.exporter.unadvertise("a");
  await world.settle();
  assert.deepEqual(world.events, []);
});

/** Notifies of additions and removals only, as a listener of version 1.0 expects it. */
function asAddedAndRemoved({ type, endpoint }: EndpointEvent): string[] {
  const added = `added ${endpoint.id} ${endpoint.extras.get("colour")}`;
  const removed = `removed ${endpoint.id}`;
  if (type === "added") return [added];
  return type === "modified" ? [removed, added] : [removed];
}

Deno.test("DI-13 A modification is a removal and an addition for listeners of version 1.0", async () => {
  await using world = await startDiscovery("(colour=*)");
  await world.exporter.advertise(withColour("red"));
  await world.settle();
  await world.exporter.update(withColour("blue"));
  await world.settle();
  await world.exporter.unadvertise("a");
  await world.settle();
  assert.deepEqual(world.events.flatMap(asAddedAndRemoved), [
    "added a red",
    "removed a",
    "added a blue",
    "removed a",
  ]);
});

Deno.test("DI-22 A listener that is added later receives all endpoints in its scope", async () => {
  await using world = await startDiscovery("(colour=none)");
  await world.exporter.advertise(withColour("red", "a"));
  await world.exporter.advertise(withColour("blue", "b"));
  await world.settle();
  const later: string[] = [];
  world.consumer.addListener({
    scope: "(colour=blue)",
    endpointChanged: ({ type, endpoint }) => void later.push(`${type} ${endpoint.id}`),
  });
  await world.settle();
  assert.deepEqual(later, ["added b"]);
});

/** Returns a topology manager and the endpoints that are imported. */
function createManager() {
  const { framework, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const source = (name: string) => ({
    change: (type: EndpointEvent["type"], endpoint: EndpointDescription) =>
      manager.endpointChanged(createEvent(type, endpoint, sources.get(name) ?? { name })),
  });
  const sources = new Map(["one", "two"].map((name) => [name, { name }]));
  return { one: source("one"), two: source("two"), imported: () => admin.imports.length, admin };
}

Deno.test("DI-23 An endpoint of two sources stays until both have removed it", () => {
  const { one, two, imported } = createManager();
  const endpoint = anEndpoint();
  one.change("added", endpoint);
  two.change("added", endpoint);
  one.change("removed", endpoint);
  assert.equal(imported(), 1);
  two.change("removed", endpoint);
  assert.equal(imported(), 0);
});

Deno.test("DI-24 A removal of an unknown or removed endpoint is ignored", () => {
  const { one, two, imported, admin } = createManager();
  const endpoint = anEndpoint();
  one.change("removed", endpoint);
  one.change("added", endpoint);
  two.change("removed", endpoint);
  assert.equal(imported(), 1);
  one.change("removed", endpoint);
  one.change("removed", endpoint);
  assert.deepEqual(admin.imports, []);
});

Deno.test("DI-25 The endpoints of a source that ends are removed", async () => {
  await using world = await startDiscovery();
  await world.exporter.advertise(anEndpoint({ id: "a" }));
  await world.exporter.advertise(anEndpoint({ id: "b" }));
  await world.settle();
  await world.exporter.close();
  await world.settle();
  assert.deepEqual(world.events.slice(2).map(({ type, endpoint }) => [type, endpoint.id]).sort(), [
    ["removed", "a"],
    ["removed", "b"],
  ]);
});

Deno.test("DI-26 A listener that changes its scope receives the endpoints that are new in it", async () => {
  await using world = await startDiscovery("(colour=red)");
  await world.exporter.advertise(withColour("red", "a"));
  await world.exporter.advertise(withColour("blue", "b"));
  await world.settle();
  world.subscription.close();
  const later: string[] = [];
  world.consumer.addListener({
    scope: ["(colour=red)", "(colour=blue)"],
    endpointChanged: ({ type, endpoint }) => void later.push(`${type} ${endpoint.id}`),
  });
  await world.settle();
  assert.deepEqual(later, ["added a", "added b"]);
});

Deno.test("DI-27 A listener that is removed receives no removals", async () => {
  await using world = await startDiscovery();
  await world.exporter.advertise(anEndpoint());
  await world.settle();
  world.subscription.close();
  await world.exporter.close();
  await world.settle();
  assert.deepEqual(summarize(world.events), [["added", undefined]]);
});

Deno.test("DI-28 The same event twice counts as one", () => {
  const { one, imported } = createManager();
  const endpoint = anEndpoint();
  one.change("added", endpoint);
  one.change("added", endpoint);
  assert.equal(imported(), 1);
  one.change("removed", endpoint);
  assert.equal(imported(), 0);
});

import assert from "node:assert/strict";
import { EndpointEvents } from "../../src/discovery/endpoint_events.ts";
import type { EndpointDescription, PropertyValue } from "../../mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { EndpointRecorder, LogRecorder } from "../support/events.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

function createEvents() {
  const endpoints = new Map<string, EndpointDescription>();
  const log = new LogRecorder();
  const source = { name: "test" };
  const delivered = { count: 0 };
  const onDelivered = () => void delivered.count++;
  const events = new EndpointEvents({ source, endpoints, logger: log, onDelivered });
  let timestampMs = 1;
  const set = (id: string, extras: Record<string, PropertyValue> = {}) => {
    const properties = new Map(Object.entries(extras));
    endpoints.set(id, anEndpoint({ id, timestampMs: timestampMs++, extras: properties }));
    events.notify(id);
  };
  const remove = (id: string) => {
    endpoints.delete(id);
    events.notify(id);
  };
  const { settle } = VirtualClock.prototype;
  return { events, set, remove, log, source, settle, delivered };
}

function summarize({ all }: EndpointRecorder): string[] {
  return all.map(({ type, endpoint }) => `${type} ${endpoint.id}`);
}

Deno.test("EndpointEvents delivers one event at a time, as the difference to what was delivered", async () => {
  const { events, set, remove, settle, delivered } = createEvents();
  const recorder = new EndpointRecorder();
  const gate = Promise.withResolvers<void>();
  let running = 0;
  events.add({
    async endpointChanged(event) {
      assert.equal(++running, 1);
      recorder.add(event);
      await gate.promise;
      running--;
    },
  });
  set("a");
  await settle();
  set("b");
  remove("b");
  remove("a");
  set("a");
  set("c");
  gate.resolve();
  await settle();
  assert.deepEqual(summarize(recorder), ["added a", "modified a", "added c"]);
  assert.equal(delivered.count, 3);
});

Deno.test("EndpointEvents notifies a new listener of the known endpoints first", async () => {
  const { events, set, remove, settle } = createEvents();
  set("a");
  set("b");
  const recorder = new EndpointRecorder();
  events.add(recorder);
  set("c");
  remove("a");
  await settle();
  assert.deepEqual(summarize(recorder), ["added b", "added c"]);
});

Deno.test("EndpointEvents stops notifying a listener whose subscription is closed", async () => {
  const { events, set, settle } = createEvents();
  const recorder = new EndpointRecorder();
  const subscription = events.add(recorder);
  set("a");
  await settle();
  set("b");
  subscription.close();
  subscription.close();
  set("c");
  await settle();
  assert.deepEqual(summarize(recorder), ["added a"]);
});

Deno.test("EndpointEvents logs what a listener throws or rejects with and goes on", async () => {
  const { events, set, log, settle } = createEvents();
  const recorder = new EndpointRecorder();
  events.add({
    endpointChanged() {
      throw new Error("thrown");
    },
  });
  events.add({ endpointChanged: () => Promise.reject(new Error("rejected")) });
  events.add(recorder);
  set("a");
  set("b");
  await settle();
  assert.deepEqual(summarize(recorder), ["added a", "added b"]);
  assert.deepEqual(log.all, [
    "error A listener for endpoints (added of a) failed: thrown",
    "error A listener for endpoints (added of a) failed: rejected",
    "error A listener for endpoints (added of b) failed: thrown",
    "error A listener for endpoints (added of b) failed: rejected",
  ]);
});

Deno.test("EndpointEvents reports what enters and leaves a scope, with the filter that matched", async () => {
  const { events, set, remove, source, settle } = createEvents();
  const recorder = new EndpointRecorder();
  events.add({
    scope: ["(colour=red)", "(size>=5)"],
    endpointChanged: (event) => recorder.add(event),
  });
  const steps: [extras: Record<string, PropertyValue> | undefined, expected: string[]][] = [
    [{ colour: "blue" }, []],
    [{ colour: "red" }, ["added (colour=red)"]],
    [{ size: 7 }, ["modified (size>=5)"]],
    [{ size: 1 }, ["modified-endmatch (size>=5)"]],
    [undefined, []],
    [{ size: 9 }, ["added (size>=5)"]],
    [undefined, ["removed (size>=5)"]],
  ];
  for (const [extras, expected] of steps) {
    recorder.all.length = 0;
    if (extras === undefined) remove("a");
    else set("a", extras);
    await settle();
    const found = recorder.all.map(({ type, matchedFilter }) => `${type} ${matchedFilter}`);
    assert.deepEqual(found, expected);
    for (const event of recorder.all) assert.equal(event.source, source);
  }
});

Deno.test("EndpointEvents notifies no listener once it is closed, also one that is added then", async () => {
  const { events, set, settle } = createEvents();
  const recorder = new EndpointRecorder();
  events.add(recorder);
  set("a");
  events.close();
  events.add(recorder);
  set("b");
  await settle();
  assert.deepEqual(recorder.all, []);
});

Deno.test("EndpointEvents refuses a scope that is not a filter", () => {
  const { events } = createEvents();
  assert.throws(() => events.add({ scope: "colour", endpointChanged() {} }), {
    name: "FilterSyntaxError",
  });
});

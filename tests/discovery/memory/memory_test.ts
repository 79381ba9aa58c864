import assert from "node:assert/strict";
import { createMemoryHub, memory, type MemoryOptions } from "../../../src/discovery/memory/mod.ts";
import { SILENT } from "../../../src/util/mod.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { EndpointRecorder } from "../../support/events.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

async function start(options: MemoryOptions, clock = new VirtualClock()) {
  const discovery = memory(options)({ logger: SILENT, clock, hostIp: "127.0.0.1" });
  const events = new EndpointRecorder();
  discovery.addListener(events);
  await discovery.start();
  return { discovery, events, clock };
}

Deno.test("memory without a hub connects the discoveries of one factory", async () => {
  const clock = new VirtualClock();
  const factory = memory();
  const [one, two] = [1, 2].map(() => factory({ logger: SILENT, clock, hostIp: "127.0.0.1" }));
  assert.ok(one && two);
  await one.start();
  await two.start();
  const endpoint = anEndpoint();
  await one.advertise(endpoint);
  assert.deepEqual(two.endpoints, [endpoint]);
});

Deno.test("memory keeps an endpoint whose host closed in an outage for the grace time after it", async () => {
  const hub = createMemoryHub();
  const { discovery: exporter } = await start({ hub });
  const { discovery: consumer, events, clock } = await start({ hub, removalGraceMs: 500 });
  await exporter.advertise(anEndpoint({ id: "a" }));
  hub.stop();
  await exporter.close();
  await clock.advance(10_000);
  hub.start();
  await clock.advance(499);
  assert.deepEqual(events.types(), ["added"]);
  await clock.advance(1);
  assert.deepEqual(events.types(), ["added", "removed"]);
  assert.deepEqual(consumer.endpoints, []);
});

Deno.test("memory does not start while its hub is stopped", async () => {
  const hub = createMemoryHub();
  hub.stop();
  await assert.rejects(start({ hub }), {
    code: "unavailable",
    message: "Cannot join the memory hub: it is stopped",
  });
  hub.start();
  await start({ hub });
});

Deno.test("memory refuses a hub that createMemoryHub did not make, and unknown options", () => {
  const fake = { isRunning: true, stop() {}, start() {} };
  assert.throws(() => memory({ hub: fake }), {
    name: "TypeError",
    message: "Cannot use memory.hub: it is not a hub; give createMemoryHub()",
  });
  assert.throws(() => memory({ removalGraceMs: -1 }), RangeError);
  const unknown: object = { hup: createMemoryHub() };
  assert.throws(() => memory(unknown), /did you mean hub/);
});

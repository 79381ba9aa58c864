import assert from "node:assert/strict";
import { WatchMonitor } from "../../../../src/discovery/etcd3/mirror/watch_monitor.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

function createMonitor(answer: (monitor: WatchMonitor) => void) {
  const clock = new VirtualClock();
  const calls: string[] = [];
  const stream = {
    requestProgress: () => {
      calls.push("ask");
      answer(monitor);
    },
    cancel: () => calls.push("cancel"),
  };
  const monitor = new WatchMonitor({ stream, intervalMs: 100, timeoutMs: 50, clock });
  return { clock, calls, monitor };
}

Deno.test("WatchMonitor cancels a silent watch that does not answer", async () => {
  const { clock, calls, monitor } = createMonitor(() => {});
  monitor.restart();
  await clock.advance(170);
  assert.deepEqual(calls, ["ask", "cancel"]);
  assert.equal(monitor.isSilent, true);
});

Deno.test("WatchMonitor goes on with a watch that answers, until it is disposed", async () => {
  const { clock, calls, monitor } = createMonitor((monitor) => monitor.restart());
  monitor.restart();
  await clock.advance(1000);
  assert.ok(calls.length >= 8 && calls.every((call) => call === "ask"), calls.join());
  monitor[Symbol.dispose]();
  assert.equal(clock.timerCount, 0);
  assert.equal(monitor.isSilent, false);
});

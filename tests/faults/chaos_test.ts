import assert from "node:assert/strict";
import { runChaos } from "../support/chaos.ts";

Deno.test("Five nodes agree with etcd after random faults", async () => {
  const report = await runChaos({ seed: 20261122, seconds: 10 });
  assert.ok(report.faults > 5 && report.operations > 50, JSON.stringify(report));
});

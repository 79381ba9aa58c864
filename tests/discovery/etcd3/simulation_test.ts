import assert from "node:assert/strict";
import { SEED } from "../../support/seed.ts";
import { Simulation, type SimulationReport } from "../../support/simulation.ts";

/** Runs rounds; an error names the seed, with which the same happens again. */
async function simulate(
  { seed, ttlSeconds, rounds }: { seed: number; ttlSeconds: number; rounds: number },
): Promise<SimulationReport> {
  const simulation = new Simulation({ seed, ttlSeconds });
  try {
    await simulation.start();
    for (let round = 0; round < rounds; round++) await simulation.round();
    await simulation.close();
    return simulation.report;
  } catch (error) {
    throw new Error(`Simulation of seed ${seed}, TTL ${ttlSeconds} s failed`, { cause: error });
  }
}

Deno.test("Etcd3Discovery converges after random faults, over thousands of simulated hours", async () => {
  const reports = [
    await simulate({ seed: 20261125, ttlSeconds: 10, rounds: 8 }),
    await simulate({ seed: SEED, ttlSeconds: 30, rounds: 8 }),
    await simulate({ seed: SEED + 1, ttlSeconds: 3600, rounds: 8 }),
  ];
  const hours = reports.reduce((sum, report) => sum + report.hours, 0);
  assert.ok(hours > 1000, `${hours} hours`);
  const [{ faults } = assert.fail()] = reports;
  assert.equal(faults.size, 20, [...faults.keys()].join());
});

Deno.test("Simulation is repeatable: one seed, one history", async () => {
  const [one, two] = [
    await simulate({ seed: 5, ttlSeconds: 10, rounds: 2 }),
    await simulate({ seed: 5, ttlSeconds: 10, rounds: 2 }),
  ];
  assert.deepEqual(one, two);
});

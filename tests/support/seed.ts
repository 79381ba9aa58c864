import process from "node:process";

/**
 * Seed of generated values and random faults: the same in each run, so that only a change of
 * the code makes a test fail. `TEST_SEED=N` runs others.
 */
export const SEED: number = Number(process.env.TEST_SEED ?? 20261129);

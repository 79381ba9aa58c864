/**
 * Measures what telemetry costs: in calls within one process, and in calls between two processes,
 * those with the telemetry of Deno too. Bars: 1 % when off, 3 % when on without the header of a
 * trace, and 3 % more than the same spans and durations by hand with a real SDK.
 * `deno task bench:telemetry [ROUNDS] [PART]`, where only the comparisons of two processes whose
 * name has PART are made if it is given.
 *
 * @module
 */
import { measureOneProcess } from "./telemetry/one_process.ts";
import { measureTwoProcesses } from "./telemetry/two_processes.ts";

const rounds = Number(Deno.args[0] ?? 150);
const part = Deno.args[1];
const isKept = [
  part === undefined ? await measureOneProcess(rounds) : true,
  await measureTwoProcesses(rounds, part),
].every((one) => one);
Deno.exit(isKept ? 0 : 1);

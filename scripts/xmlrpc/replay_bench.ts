/**
 * Measures the gains of the fast paths of the decoder, rows in a document and layouts of calls,
 * over the plain one, in alternating rounds: `deno run -A scripts/xmlrpc/replay_bench.ts`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  Layouts,
  type Origin,
  readMethodCall,
  readMethodResponse,
} from "../../src/xmlrpc/codec/mod.ts";
import { createSample, type Sample, SAMPLES } from "./documents.ts";
import { median } from "./results.ts";

const ROUNDS = 40;
const ROUND_MS = 30;
const LIMITS = { maxValues: Infinity };

/** Returns the milliseconds of one decoding. */
function measure({ kind, xml }: Sample, origin: Origin): number {
  const decode = kind === "call" ? readMethodCall : readMethodResponse;
  const start = performance.now();
  let count = 0;
  do {
    decode(xml, LIMITS, origin);
    count++;
  } while (performance.now() - start < ROUND_MS);
  return (performance.now() - start) / count;
}

for (const name of SAMPLES) {
  const sample = createSample(name);
  const layouts = new Layouts();
  const gains = [];
  const layoutGains = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fast = measure(sample, { replays: true });
    const plain = measure(sample, { replays: false });
    const known = measure(sample, { layouts });
    if (round < ROUNDS / 4) continue; // the first rounds warm up
    gains.push(plain / fast);
    layoutGains.push(plain / known);
  }
  console.log(
    `${name}: the plain decoder takes ${median(gains).toFixed(2)} times as long as rows, ` +
      `${median(layoutGains).toFixed(2)} times as long as layouts`,
  );
}

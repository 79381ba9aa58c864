/**
 * Time and memory of documents from 5 KB to 50 MB, as the exponent of their growth.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decodeMethodResponse, encodeMethodResponse } from "../../src/xmlrpc/mod.ts";
import { rows } from "./documents.ts";
import { median } from "./results.ts";

/** How something grows with the size of the document: 1 is linear. */
export interface Growth {
  readonly what: string;
  /** Of `amount` over the bytes of the document, on logarithmic scales. */
  readonly exponent: number;
  readonly points: readonly { readonly bytes: number; readonly amount: number }[];
}

const COUNTS = [20, 200, 2000, 20_000, 200_000];
const LIMITS = { maxValues: Infinity, maxLength: Infinity };

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function secondsOf(operation: () => unknown, atLeastMs = 200): number {
  const times = [];
  const begin = performance.now();
  while (times.length < 5 || performance.now() - begin < atLeastMs) {
    const start = performance.now();
    operation();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

/** The heap that a result holds, without the document it came from. */
function heapOf(operation: () => unknown): number {
  collectGarbage();
  const before = Deno.memoryUsage().heapUsed;
  const result = operation();
  collectGarbage();
  const bytes = Deno.memoryUsage().heapUsed - before;
  return result === undefined ? NaN : bytes;
}

/** The slope of the line through the points of both logarithms, by least squares. */
function exponentOf(points: Growth["points"]): number {
  const xs = points.map(({ bytes }) => Math.log(bytes));
  const ys = points.map(({ amount }) => Math.log(amount));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const upper = xs.reduce((sum, x, index) => sum + (x - mx) * ((ys[index] ?? 0) - my), 0);
  return upper / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}

/** Measures the growth of decoding, encoding and of what is decoded. */
export function benchGrowth(): Growth[] {
  const decode = [], encode = [], memory = [];
  secondsOf(() => decodeMethodResponse(encodeMethodResponse(rows(200))), 1000); // warms up
  for (const count of COUNTS) {
    const value = rows(count);
    const document = new TextEncoder().encode(encodeMethodResponse(value));
    const bytes = document.length;
    encode.push({ bytes, amount: secondsOf(() => encodeMethodResponse(value).charCodeAt(0)) });
    decode.push({ bytes, amount: secondsOf(() => decodeMethodResponse(document, LIMITS)) });
    memory.push({ bytes, amount: heapOf(() => decodeMethodResponse(document, LIMITS)) });
  }
  return [["decode, seconds", decode], ["encode, seconds", encode], ["decoded, heap bytes", memory]]
    .map(([what, points]) => ({
      what: what as string,
      points: points as Growth["points"],
      exponent: exponentOf(points as Growth["points"]),
    }));
}

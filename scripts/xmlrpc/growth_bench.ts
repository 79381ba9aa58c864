/**
 * Measures time and memory of documents from 5 KB to 50 MB, as the exponent of their growth.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decodeMethodResponse, encodeMethodResponse } from "../../src/xmlrpc/mod.ts";
import { createRows } from "./documents.ts";
import { median } from "./results.ts";

/** Growth of a quantity with the size of the document. */
export interface Growth {
  readonly what: string;
  /** Exponent of `amount` over the bytes of the document; 1 is linear. */
  readonly exponent: number;
  readonly points: readonly { readonly bytes: number; readonly amount: number }[];
}

const COUNTS = [20, 200, 2000, 20_000, 200_000];
const LIMITS = { maxValues: Infinity, maxLength: Infinity };

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function measureSeconds(operation: () => unknown, atLeastMs = 200): number {
  const times = [];
  const begin = performance.now();
  while (times.length < 5 || performance.now() - begin < atLeastMs) {
    const start = performance.now();
    operation();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

/** Returns the bytes of heap that a result keeps, without its document. */
function measureHeap(operation: () => unknown): number {
  collectGarbage();
  const before = Deno.memoryUsage().heapUsed;
  const result = operation();
  collectGarbage();
  const bytes = Deno.memoryUsage().heapUsed - before;
  return result === undefined ? NaN : bytes;
}

/** Returns the slope of the line through the logarithms of the points, by least squares. */
function fitExponent(points: Growth["points"]): number {
  const xs = points.map(({ bytes }) => Math.log(bytes));
  const ys = points.map(({ amount }) => Math.log(amount));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const upper = xs.reduce((sum, x, index) => sum + (x - mx) * ((ys[index] ?? 0) - my), 0);
  return upper / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}

/** Measures the growth of decoding, of encoding and of the decoded value. */
export function benchGrowth(): Growth[] {
  const decode = [], encode = [], memory = [];
  measureSeconds(() => decodeMethodResponse(encodeMethodResponse(createRows(200))), 1000); // warms up
  for (const count of COUNTS) {
    const value = createRows(count);
    const document = new TextEncoder().encode(encodeMethodResponse(value));
    const bytes = document.length;
    encode.push({ bytes, amount: measureSeconds(() => encodeMethodResponse(value).charCodeAt(0)) });
    decode.push({ bytes, amount: measureSeconds(() => decodeMethodResponse(document, LIMITS)) });
    memory.push({ bytes, amount: measureHeap(() => decodeMethodResponse(document, LIMITS)) });
  }
  return [["decode, seconds", decode], ["encode, seconds", encode], ["decoded, heap bytes", memory]]
    .map(([what, points]) => ({
      what: what as string,
      points: points as Growth["points"],
      exponent: fitExponent(points as Growth["points"]),
    }));
}

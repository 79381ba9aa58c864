/** Upper bounds in one decade, as multiples of its start. */
const STEPS: readonly number[] = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5];

/** Decades from 0.01 ms, as powers of ten in milliseconds. */
const DECADES: readonly number[] = [0.01, 0.1, 1, 10, 100, 1000, 10_000];

/** Upper bounds of the buckets in milliseconds, but for the last bucket, which has none. */
const BOUNDS: readonly number[] = [
  ...DECADES.flatMap((decade) => STEPS.map((step) => Number((step * decade).toPrecision(3)))),
  100_000,
];

/**
 * Distribution of latencies from 10 µs to 100 s in buckets of fixed bounds, so that copies of
 * different times can be subtracted.
 *
 * @example
 * ```ts
 * import { LatencyHistogram } from "@remote-services/etcd3";
 *
 * const latencies = new LatencyHistogram();
 * for (const latencyMs of [1, 2, 3, 100]) latencies.record(latencyMs);
 * console.log(latencies.count, latencies.sumMs); // 4 106
 * console.log(latencies.quantileMs(0.5)); // 2
 * ```
 */
export class LatencyHistogram {
  readonly #counts: Float64Array;
  #count = 0;
  #sumMs = 0;

  /** Creates an empty histogram. */
  constructor() {
    this.#counts = new Float64Array(BOUNDS.length + 1);
  }

  /** Number of latencies. */
  get count(): number {
    return this.#count;
  }

  /** Sum of the latencies in milliseconds. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /** Records a latency. */
  record(latencyMs: number): void {
    const bucket = findBucket(latencyMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sumMs += latencyMs;
  }

  /** Returns a copy, which does not change. */
  copy(): LatencyHistogram {
    return this.since(undefined);
  }

  /** Returns what was recorded after an earlier copy of the same histogram. */
  since(earlier: LatencyHistogram | undefined): LatencyHistogram {
    const before = earlier ?? EMPTY;
    const result = new LatencyHistogram();
    this.#counts.forEach((own, bucket) =>
      result.#counts[bucket] = own - (before.#counts[bucket] ?? 0)
    );
    result.#count = this.#count - before.#count;
    result.#sumMs = this.#sumMs - before.#sumMs;
    return result;
  }

  /** Returns the number of latencies up to a bound; exact if it is one of the bounds. */
  countUpTo(boundMs: number): number {
    let sum = 0;
    for (let bucket = 0; bucket < BOUNDS.length; bucket++) {
      const bound = BOUNDS[bucket] ?? Infinity;
      if (bound > boundMs) break;
      sum += this.#counts[bucket] ?? 0;
    }
    return sum;
  }

  /**
   * Returns the latency in milliseconds that a share of the latencies does not exceed,
   * interpolated within its bucket; `undefined` of an empty histogram.
   *
   * @param share such as 0.95
   */
  quantileMs(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = share * this.#count;
    let below = 0;
    for (let bucket = 0; bucket < BOUNDS.length; bucket++) {
      const inBucket = this.#counts[bucket] ?? 0;
      if (inBucket > 0 && below + inBucket >= rank) {
        const low = BOUNDS[bucket - 1] ?? 0;
        const high = BOUNDS[bucket] ?? low;
        return low + (high - low) * Math.max(0, rank - below) / inBucket;
      }
      below += inBucket;
    }
    return BOUNDS.at(-1);
  }
}

const EMPTY = new LatencyHistogram();

/** Returns the first bucket whose bound is not below a latency. */
function findBucket(latencyMs: number): number {
  let low = 0;
  let high = BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((BOUNDS[middle] ?? Infinity) < latencyMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

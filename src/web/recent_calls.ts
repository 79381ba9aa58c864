import type { CallStatistics, MethodStatistics } from "../telemetry/mod.ts";
import { toVisible } from "./feed/mod.ts";

/** Time between two snapshots that are kept, and their number: about a minute. */
const SNAPSHOT_MS = 10_000;
const MAX_SNAPSHOTS = 6;
/** Longest name that the page shows. */
const MAX_NAME = 300;

/** Calls of one method, as the page shows them. */
export interface MethodRow {
  readonly direction: MethodStatistics["direction"];
  readonly interfaceName: string;
  readonly method: string;
  /** Number of calls since the start, and of failed ones among them. */
  readonly calls: number;
  readonly errors: number;
  /** Quantiles of the last minute in milliseconds; `undefined` without a call in it. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

interface Snapshot {
  readonly atMs: number;
  readonly byKey: ReadonlyMap<string, MethodStatistics>;
}

/** Quantiles of the last minute, from the statistics since the start. */
export class RecentCalls {
  readonly #statistics: CallStatistics;
  #snapshots: Snapshot[] = [];

  /** Uses the statistics of a host. */
  constructor(statistics: CallStatistics) {
    this.#statistics = statistics;
  }

  /**
   * Returns the methods that were called.
   *
   * @param nowMs time on a clock that never goes back
   */
  list(nowMs: number): MethodRow[] {
    const methods = this.#statistics.snapshot();
    const oldestMs = nowMs - SNAPSHOT_MS * MAX_SNAPSHOTS;
    this.#snapshots = this.#snapshots.filter(({ atMs }) => atMs > oldestMs);
    const [oldest] = this.#snapshots;
    const rows = methods.map((method) => createMethodRow(method, oldest?.byKey.get(toKey(method))));
    if (nowMs - (this.#snapshots.at(-1)?.atMs ?? -Infinity) >= SNAPSHOT_MS) {
      const byKey = new Map(methods.map((method) => [toKey(method), method]));
      this.#snapshots.push({ atMs: nowMs, byKey });
    }
    return rows;
  }
}

function createMethodRow(
  { direction, interfaceName, method, calls, errors, latencies }: MethodStatistics,
  before: MethodStatistics | undefined,
): MethodRow {
  const recent = latencies.since(before?.latencies);
  return {
    direction,
    interfaceName: toVisible(interfaceName, MAX_NAME),
    method: toVisible(method, MAX_NAME),
    calls,
    errors: [...errors.values()].reduce((sum, count) => sum + count, 0),
    p50Ms: recent.quantileMs(0.5),
    p95Ms: recent.quantileMs(0.95),
  };
}

function toKey({ direction, interfaceName, method }: MethodStatistics): string {
  return `${direction} ${interfaceName} ${method}`;
}

import { onAbort } from "../util/mod.ts";
import { type CombinedHealth, combineHealth, type Health, type HealthSource } from "./health.ts";

/**
 * Lets any number of consumers iterate over the changes of a health.
 *
 * @example
 * ```ts
 * import { type HealthState, HealthChanges, healthToJson } from "@remote-services/etcd3/rsa";
 *
 * let state: HealthState = "synced";
 * const changes = new HealthChanges(() => ({
 *   provider: "example",
 *   state,
 *   lastSync: undefined,
 *   lastError: undefined,
 *   counters: { eventsDelivered: 0 },
 *   toJSON: healthToJson,
 * }));
 * for await (const health of changes.iterate()) {
 *   console.log(health.state); // synced
 *   state = "closed";
 *   changes.notify();
 * }
 * ```
 */
export class HealthChanges<H extends Health> {
  readonly #snapshot: () => H;
  readonly #consumers = new Set<() => void>();

  /** Takes the function that returns the present health. */
  constructor(snapshot: () => H) {
    this.#snapshot = snapshot;
  }

  /** Reports that the health may have changed. */
  notify(): void {
    for (const notify of [...this.#consumers]) notify();
  }

  /**
   * Iterates over the health, the present one first; changes that come while the consumer
   * is busy are combined. Ends after `closed`, or without an error when the signal is
   * aborted.
   */
  async *iterate(signal?: AbortSignal): AsyncGenerator<H, void, undefined> {
    let hasChanged = true;
    let wake = () => {};
    const onChange = () => {
      hasChanged = true;
      wake();
    };
    this.#consumers.add(onChange);
    using _subscription = onAbort(signal, onChange);
    try {
      while (!signal?.aborted) {
        if (hasChanged) {
          hasChanged = false;
          const health = this.#snapshot();
          yield health;
          if (health.state === "closed") return;
        } else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      this.#consumers.delete(onChange);
    }
  }
}

/** Returns every change of the combined health of several discoveries, the present one first. */
export async function* combineHealthChanges(
  sources: readonly HealthSource[],
  signal?: AbortSignal,
): AsyncGenerator<CombinedHealth, void, undefined> {
  const stop = new AbortController();
  const changes = new HealthChanges(() => combineHealth(sources.map(({ health }) => health)));
  const follow = async (source: HealthSource) => {
    for await (const _ of source.healthChanges(stop.signal)) changes.notify();
  };
  const followers = sources.map(follow);
  try {
    yield* changes.iterate(signal);
  } finally {
    stop.abort();
    await Promise.all(followers);
  }
}

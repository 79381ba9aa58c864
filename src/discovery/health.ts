import { toMessage } from "../util/mod.ts";

/**
 * State of a discovery.
 *
 * - `connecting`: not connected yet for the first time.
 * - `synced`: the known endpoints are those of the directory, and ours are advertised.
 * - `stale`: the directory is out of reach; the known endpoints stay usable.
 * - `suspect`: the lease must have ended; other processes may no longer see our endpoints.
 * - `denied`: the directory refuses: rights, password, or no space for writes.
 * - `closed`: closed by its owner.
 */
export type HealthState = "connecting" | "synced" | "stale" | "suspect" | "denied" | "closed";

/** Counts since the start, by name. Providers add their own. */
export interface HealthCounters {
  /** Events that were delivered to listeners. */
  readonly eventsDelivered: number;
  /** Counts of the provider, such as `reconnects`. */
  readonly [name: string]: number;
}

/** Health of one discovery at one moment. Providers add their own members. */
export interface Health {
  /** Name of the provider, such as `etcd3`. */
  readonly provider: string;
  /** State of the discovery. */
  readonly state: HealthState;
  /** Last time at which the state was `synced`. */
  readonly lastSync: Date | undefined;
  /** Last error, also when it has been overcome. */
  readonly lastError: Error | undefined;
  /** Counts since the start. */
  readonly counters: HealthCounters;
  /** Returns a form for `JSON.stringify`: errors by message, lease ids in hexadecimal. */
  toJSON(): Record<string, unknown>;
}

/** Something that reports its health. */
export interface HealthSource<H extends Health = Health> {
  /** Health at this moment. */
  readonly health: H;
  /** Returns every change of the health, the present one first; ends after `closed`. */
  healthChanges(signal?: AbortSignal): AsyncGenerator<H, void, undefined>;
}

/** Health of several discoveries together. */
export interface CombinedHealth extends Health {
  /** Health of each discovery, in the order in which they were given. */
  readonly providers: readonly Health[];
}

/** States from best to worst; `closed` is a state of the whole only if all are closed. */
const SEVERITY: readonly HealthState[] = ["synced", "connecting", "stale", "suspect", "denied"];

/**
 * Combines the healths of several discoveries. The state is the worst one, the last sync
 * the earliest; counters are added up. Without discoveries the state is `synced`.
 */
export function combineHealth(providers: readonly Health[]): CombinedHealth {
  const worst = findWorst(providers);
  return {
    provider: providers.map(({ provider }) => provider).join(", "),
    state: worst?.state ?? "synced",
    lastSync: findEarliest(providers.map(({ lastSync }) => lastSync)),
    lastError: worst?.lastError ?? providers.find(({ lastError }) => lastError)?.lastError,
    counters: addCounters(providers),
    providers,
    toJSON: healthToJson,
  };
}

function findWorst(providers: readonly Health[]): Health | undefined {
  const open = providers.filter(({ state }) => state !== "closed");
  return open.length === 0
    ? providers[0]
    : open.reduce((worst, health) =>
      SEVERITY.indexOf(health.state) > SEVERITY.indexOf(worst.state) ? health : worst
    );
}

function findEarliest(dates: readonly (Date | undefined)[]): Date | undefined {
  let earliest = dates[0];
  for (const date of dates) {
    if (date === undefined) return undefined;
    if (earliest === undefined || date < earliest) earliest = date;
  }
  return earliest;
}

function addCounters(providers: readonly Health[]): HealthCounters {
  const sums: Record<string, number> & { eventsDelivered: number } = { eventsDelivered: 0 };
  for (const { counters } of providers) {
    for (const [name, count] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

/**
 * Returns the members of a health in a form for JSON: errors by name, code and message,
 * big integers (lease ids) in hexadecimal. Serves as its `toJSON`.
 *
 * @example
 * ```ts
 * import { healthToJson } from "@remote-services/etcd3/rsa";
 *
 * const health = { state: "synced", leaseId: 255n, toJSON: healthToJson };
 * console.log(JSON.stringify(health)); // {"state":"synced","leaseId":"ff"}
 * ```
 */
export function healthToJson(this: object): Record<string, unknown> {
  const members = Object.entries(this).filter(([, value]) => typeof value !== "function");
  return Object.fromEntries(members.map(([name, value]) => [name, toJsonValue(value)]));
}

function toJsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return BigInt.asUintN(64, value).toString(16);
  if (!(value instanceof Error)) return value;
  const code = "code" in value ? value.code : undefined;
  return { name: value.name, code, message: toMessage(value) };
}

import type { Health, HealthState } from "../discovery/mod.ts";
import type { Metric, Sample } from "./metric.ts";

/** State of a host that its metrics show. */
export interface HostState {
  /** Number of endpoints of other processes that are known. */
  readonly discovered: number;
  /** Number of endpoints of this process. */
  readonly exported: number;
  /** Number of endpoints of other processes that have a proxy. */
  readonly imported: number;
  /** Health of each discovery. */
  readonly healths: readonly Health[];
  /** Requests that were refused before their method was known, by code. */
  readonly refusals: Iterable<readonly [code: string, count: number]>;
}

const STATES: Readonly<Record<HealthState, true>> = {
  connecting: true,
  synced: true,
  stale: true,
  suspect: true,
  denied: true,
  closed: true,
};

/** Metrics that are counters of a health, by the counter's name. */
const COUNTERS: Readonly<Record<string, Pick<Metric, "name" | "unit" | "description">>> = {
  leaseLosses: {
    name: "rsa.lease.losses",
    unit: "{lease}",
    description: "Leases that were lost and replaced.",
  },
  reconnects: {
    name: "rsa.reconnects",
    unit: "{connection}",
    description: "Connections to the directory after the first.",
  },
  readvertisedKeys: {
    name: "rsa.keys.readvertised",
    unit: "{key}",
    description: "Keys that were put again after a loss or a foreign change.",
  },
  resyncs: {
    name: "rsa.resyncs",
    unit: "{listing}",
    description: "Listings of the directory after the first.",
  },
  eventsDelivered: {
    name: "rsa.events.delivered",
    unit: "{event}",
    description: "Endpoint events that were delivered to listeners.",
  },
};

/** Names of all metrics of a host, with their kinds, units and descriptions. */
export const HOST_METRICS: readonly Omit<Metric, "samples">[] = createHostMetrics({
  discovered: 0,
  exported: 0,
  imported: 0,
  healths: [],
  refusals: [],
});

/** Returns the metrics of a host: endpoints, health, and the counters of its discoveries. */
export function createHostMetrics(state: HostState): readonly Metric[] {
  const discoveries = nameDiscoveries(state.healths);
  const endpoints = (["discovered", "exported", "imported"] as const).map((kind) => ({
    value: state[kind],
    attributes: { "rsa.endpoint.kind": kind },
  }));
  return [
    {
      name: "rsa.endpoints",
      kind: "updowncounter",
      unit: "{endpoint}",
      description: "Endpoints that are known of other processes, exported, and imported.",
      samples: endpoints,
    },
    {
      name: "rsa.health.state",
      kind: "gauge",
      unit: "1",
      description: "1 for the present state of each discovery, 0 for the others.",
      samples: discoveries.flatMap(([name, health]) => createStateSamples(name, health)),
    },
    createRefusalMetric(state.refusals),
    ...Object.entries(COUNTERS).map(([counter, metric]): Metric => ({
      ...metric,
      kind: "counter",
      samples: discoveries.flatMap(([name, { counters }]) => {
        const value = counters[counter];
        return value === undefined ? [] : [{ value, attributes: { "rsa.discovery": name } }];
      }),
    })),
  ];
}

function createRefusalMetric(refusals: HostState["refusals"]): Metric {
  return {
    name: "rsa.server.refusals",
    kind: "counter",
    unit: "{request}",
    description: "Requests that were refused before their method was known.",
    samples: [...refusals].map(([code, value]) => ({
      value,
      attributes: { "rsa.refusal.code": code },
    })),
  };
}

function createStateSamples(discovery: string, health: Health): Sample[] {
  return Object.keys(STATES).map((state) => ({
    value: health.state === state ? 1 : 0,
    attributes: { "rsa.discovery": discovery, "rsa.health.state": state },
  }));
}

/** Names each discovery by its provider; further ones of the same provider have a number. */
function nameDiscoveries(healths: readonly Health[]): (readonly [string, Health])[] {
  return healths.map((health, index) => {
    const { provider } = health;
    const before = healths.slice(0, index).filter((one) => one.provider === provider).length;
    return [before === 0 ? provider : `${provider}-${before + 1}`, health];
  });
}

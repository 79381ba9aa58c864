import {
  type EndpointDescription,
  Etcd3Discovery,
  type Etcd3DiscoveryOptions,
  type Etcd3Health,
} from "../../mod.ts";
import { anEndpoint } from "./endpoints.ts";
import { EndpointRecorder, HANG_MS, LogRecorder } from "./events.ts";

/** Discovery with a short lease, its events and its log. */
export class Node implements AsyncDisposable {
  readonly discovery: Etcd3Discovery;
  readonly events = new EndpointRecorder();
  readonly log = new LogRecorder();

  constructor(endpoints: string | readonly string[], options: Etcd3DiscoveryOptions = {}) {
    this.discovery = new Etcd3Discovery({
      endpoints,
      leaseTtlSeconds: 2,
      callTimeoutMs: 2000,
      dialTimeoutMs: 1000,
      logger: this.log,
      ...options,
    });
    this.discovery.addListener(this.events);
  }

  /** Starts a discovery and waits for etcd, longer than its own start would on a busy machine. */
  static async start(
    endpoints: string | readonly string[],
    options: Etcd3DiscoveryOptions = {},
  ): Promise<Node> {
    const node = new Node(endpoints, { startOffline: true, ...options });
    await node.discovery.start();
    await node.until("the start", ({ state }) => state === "synced" || state === "denied", 60_000);
    return node;
  }

  get health(): Etcd3Health {
    return this.discovery.health;
  }

  /** Advertises some endpoints and waits until etcd has stored them. */
  async advertise(count = 1): Promise<EndpointDescription[]> {
    const endpoints = Array.from({ length: count }, () => anEndpoint());
    await Promise.all(endpoints.map((endpoint) => this.discovery.advertise(endpoint)));
    return endpoints;
  }

  /** Waits until the health matches. */
  async until(
    what: string,
    fits: (health: Etcd3Health) => boolean,
    timeoutMs = HANG_MS,
  ): Promise<Etcd3Health> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      for await (const health of this.discovery.healthChanges(late.signal)) {
        if (fits(health)) return health;
      }
      const { state, lastError, counters } = this.health;
      throw new Error(
        `${what} did not come within ${timeoutMs} ms: ${state}, ${lastError}, ${
          JSON.stringify(counters)
        }`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until it is synced again after a fault that it must notice. */
  async resynced(since: Etcd3Health): Promise<void> {
    await this.until(
      "synced again",
      ({ state, counters }) =>
        state === "synced" && counters.reconnects + counters.leaseLosses >
          since.counters.reconnects + since.counters.leaseLosses,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.discovery.close();
  }
}

/** Returns the sorted ids of endpoints. */
export function listIds(endpoints: Iterable<EndpointDescription>): string[] {
  return [...endpoints].map(({ id }) => id).sort();
}

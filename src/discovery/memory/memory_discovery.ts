import {
  type Clock,
  type Logger,
  SILENT,
  type Subscription,
  SYSTEM_CLOCK,
} from "../../util/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { EndpointEvents } from "../endpoint_events.ts";
import { EndpointView } from "../endpoint_view.ts";
import {
  DiscoveryError,
  type DiscoveryProvider,
  type EndpointEventListener,
  type Health,
  type HealthState,
} from "../mod.ts";
import { HealthChanges } from "../health_changes.ts";
import { healthToJson } from "../health.ts";
import type { HubEntry, HubMember, MemoryDirectory } from "./memory_hub.ts";

/** Parts that a {@link MemoryDiscovery} needs. */
export interface MemoryDiscoveryOptions {
  /** Directory to use. */
  readonly hub: MemoryDirectory;
  /** Time for which endpoints that were lost in an outage are still known. @default 0 */
  readonly removalGraceMs?: number | undefined;
  /** Receives the errors of listeners. @default silent */
  readonly logger?: Logger;
  /** Source of time and of the member's id. @default the clock of the machine */
  readonly clock?: Clock;
}

type State =
  | { readonly kind: "created" }
  | { readonly kind: "connected" }
  | { readonly kind: "interrupted"; readonly lastSync: Date }
  | { readonly kind: "closed"; readonly lastSync: Date | undefined };

/** A discovery whose directory is a {@link MemoryHub} in this process. */
export class MemoryDiscovery implements DiscoveryProvider, HubMember {
  readonly name = "memory";
  readonly memberId: string;
  readonly #hub: MemoryDirectory;
  readonly #graceMs: number;
  readonly #clock: Clock;
  readonly #desired = new Map<string, EndpointDescription>();
  readonly #view: EndpointView<EndpointDescription>;
  readonly #events: EndpointEvents;
  readonly #changes = new HealthChanges(() => this.health);
  #state: State = { kind: "created" };
  /** Settled when the hub has what was advertised and withdrawn while it could not be reached. */
  #written = Promise.withResolvers<void>();
  #eventsDelivered = 0;
  #reconnects = 0;

  /** Creates a discovery that joins its hub in {@link start}. */
  constructor(options: MemoryDiscoveryOptions) {
    const { hub, removalGraceMs = 0, logger = SILENT, clock = SYSTEM_CLOCK } = options;
    this.#hub = hub;
    this.#graceMs = removalGraceMs;
    this.#clock = clock;
    this.memberId = clock.uuid();
    this.#view = new EndpointView({
      clock,
      decode: ({ content }) => content,
      onChange: (endpointId) => this.#events.notify(endpointId),
    });
    this.#events = new EndpointEvents({
      source: this,
      endpoints: this.#view.endpoints,
      logger,
      onDelivered: () => this.#eventsDelivered++,
    });
    this.#written.promise.catch(() => {}); // whoever waits for it has the error
  }

  get desired(): ReadonlyMap<string, EndpointDescription> {
    return this.#desired;
  }

  get endpoints(): readonly EndpointDescription[] {
    return [...this.#view.endpoints.values()];
  }

  /** Ids of the endpoints that are kept for their grace time only. */
  get leavingIds(): Iterable<string> {
    return this.#view.leavingIds;
  }

  get health(): Health {
    return {
      provider: this.name,
      state: toHealthState(this.#state),
      lastSync: this.#findLastSync(),
      lastError: undefined,
      counters: { eventsDelivered: this.#eventsDelivered, reconnects: this.#reconnects },
      toJSON: healthToJson,
    };
  }

  healthChanges(signal?: AbortSignal): AsyncGenerator<Health, void, undefined> {
    return this.#changes.iterate(signal);
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#state.kind === "closed") throw createClosedError();
    if (this.#state.kind !== "created") return;
    try {
      signal?.throwIfAborted();
      if (!this.#hub.isRunning) {
        throw new DiscoveryError("unavailable", "Cannot join the memory hub: it is stopped");
      }
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#view.replace(this.#hub.join(this), 0);
    this.#setState({ kind: "connected" });
    this.#written.resolve();
  }

  advertise(endpoint: EndpointDescription): Promise<void> {
    if (this.#state.kind === "closed") return Promise.reject(createClosedError());
    this.#desired.set(endpoint.id, endpoint);
    if (this.#state.kind === "connected") this.#hub.put(this, endpoint);
    return this.#written.promise;
  }

  update(endpoint: EndpointDescription): Promise<void> {
    return this.advertise(endpoint);
  }

  unadvertise(endpointId: string): Promise<void> {
    if (this.#state.kind === "closed") return Promise.reject(createClosedError());
    this.#desired.delete(endpointId);
    if (this.#state.kind === "connected") this.#hub.delete(this, endpointId);
    return this.#written.promise;
  }

  async unadvertiseAll(): Promise<void> {
    await Promise.all([...this.#desired.keys()].map((endpointId) => this.unadvertise(endpointId)));
  }

  advertised(_endpointId: string): Promise<void> {
    if (this.#state.kind === "closed") return Promise.reject(createClosedError());
    return this.#written.promise;
  }

  addListener(listener: EndpointEventListener): Subscription {
    return this.#events.add(listener);
  }

  close(): Promise<void> {
    if (this.#state.kind === "closed") return Promise.resolve();
    const lastSync = this.#findLastSync();
    this.#events.close();
    this.#view.hold();
    this.#hub.leave(this);
    this.#written.reject(createClosedError());
    this.#setState({ kind: "closed", lastSync });
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  onPut(entry: HubEntry): void {
    this.#view.put(entry);
  }

  onDelete({ key }: HubEntry): void {
    this.#view.delete(key, 0);
  }

  onStop(): void {
    this.#view.hold();
    this.#written = Promise.withResolvers();
    this.#written.promise.catch(() => {}); // whoever waits for it has the error
    this.#setState({ kind: "interrupted", lastSync: this.#now() });
  }

  onStart(others: ReadonlyMap<string, HubEntry>): void {
    this.#reconnects++;
    this.#view.replace(others, this.#graceMs);
    this.#view.release(this.#graceMs);
    this.#setState({ kind: "connected" });
    this.#written.resolve();
  }

  #setState(state: State): void {
    this.#state = state;
    this.#changes.notify();
  }

  #findLastSync(): Date | undefined {
    switch (this.#state.kind) {
      case "created":
        return undefined;
      case "connected":
        return this.#now();
      case "interrupted":
      case "closed":
        return this.#state.lastSync;
    }
  }

  #now(): Date {
    return new Date(this.#clock.epochMs());
  }
}

function toHealthState({ kind }: State): HealthState {
  switch (kind) {
    case "created":
      return "connecting";
    case "connected":
      return "synced";
    case "interrupted":
      return "stale";
    case "closed":
      return "closed";
  }
}

function createClosedError(): DiscoveryError {
  return new DiscoveryError("closed", "The discovery is closed");
}

import type { EndpointEvent, EndpointSource } from "../../discovery/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { RemoteServices } from "../../host/mod.ts";
import type { RemoteServiceAdminEvent } from "../../rsa/mod.ts";
import { type Clock, Subscription } from "../../util/mod.ts";
import { EndpointJournal } from "./endpoint_journal.ts";
import { formatAddress } from "./endpoint_row.ts";
import { EventTimeline } from "./event_timeline.ts";
import { createPageHealth, type PageHealth } from "./page_health.ts";
import { toVisible } from "./visible_properties.ts";

/** Parts of a host that a page shows. */
export type PageHost = Pick<
  RemoteServices,
  | "admin"
  | "discoveries"
  | "endpoints"
  | "framework"
  | "health"
  | "healthChanges"
  | "http"
  | "onEndpoint"
  | "recordCalls"
  | "services"
>;

/** Follows the endpoints and the health of a host, and notifies of each change. */
export class EndpointFeed {
  readonly journal: EndpointJournal = new EndpointJournal();
  readonly timeline: EventTimeline = new EventTimeline();
  readonly #host: PageHost;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  /** Discoveries that report each endpoint; it is gone when the last one removes it. */
  readonly #sources = new Map<string, Set<EndpointSource>>();
  /** Endpoints that were there before the feed, and are no news. */
  readonly #initial: Set<string>;
  readonly #abort = new AbortController();
  #health: PageHealth;
  #healthVersion = 1;
  #leavingCount = 0;

  /** Creates a feed that follows nothing yet. */
  constructor(host: PageHost, clock: Clock, onChange: () => void) {
    this.#host = host;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#initial = new Set(host.endpoints.map(({ id }) => id));
    this.#health = createPageHealth(host.health);
  }

  /** Health at the last change. */
  get health(): PageHealth {
    return this.#health;
  }

  /** Number that changes with the health. */
  get healthVersion(): number {
    return this.#healthVersion;
  }

  /** Follows the host until the result is closed. */
  start(): Subscription {
    const { admin } = this.#host;
    for (const { endpoint } of admin.exports) this.#record(endpoint, "known", true);
    const subscriptions = [
      this.#host.onEndpoint((event) => this.#onEndpoint(event)),
      admin.addListener((event) => this.#onAdminEvent(event)),
    ];
    void this.#followHealth();
    return new Subscription(() => {
      this.#abort.abort();
      for (const subscription of subscriptions) subscription.close();
    });
  }

  /** Checks for changes that have no event: grace times, and errors that change no state. */
  refresh(): void {
    this.#markLeaving();
    this.#setHealth(createPageHealth(this.#host.health));
  }

  #markLeaving(): void {
    const leaving = new Set(
      this.#host.discoveries.flatMap(({ leavingIds = [] }) => [...leavingIds]),
    );
    if (leaving.size === 0 && this.#leavingCount === 0) return;
    for (const record of this.journal.list()) {
      const isLeaving = leaving.has(record.endpoint.id);
      if (record.isLeaving === isLeaving) continue;
      this.journal.add({ ...record, isLeaving, changedMs: this.#clock.epochMs() });
    }
    this.#leavingCount = leaving.size;
    this.#onChange();
  }

  #onEndpoint({ type, endpoint, source }: EndpointEvent): void {
    const sources = this.#sources.get(endpoint.id) ?? new Set();
    if (type === "removed" || type === "modified-endmatch") {
      sources.delete(source);
      if (sources.size > 0) return;
      this.#sources.delete(endpoint.id);
      return this.#record(endpoint, "removed", false);
    }
    this.#sources.set(endpoint.id, sources.add(source));
    const isInitial = type === "added" && this.#initial.delete(endpoint.id);
    const isKnown = this.journal.get(endpoint.id) !== undefined;
    this.#record(endpoint, isInitial ? "known" : isKnown ? "modified" : "added", false);
  }

  #onAdminEvent(event: RemoteServiceAdminEvent): void {
    switch (event.type) {
      case "export-registration":
        return this.#record(event.endpoint, "added", true);
      case "export-update":
        return this.#record(event.endpoint, "modified", true);
      case "export-unregistration":
        return this.#record(event.endpoint, "removed", true);
    }
  }

  #record(
    endpoint: EndpointDescription,
    change: "known" | "added" | "modified" | "removed",
    isOwn: boolean,
  ): void {
    const nowMs = this.#clock.epochMs();
    const known = this.journal.get(endpoint.id);
    const { timestampMs } = endpoint;
    const bornMs = known?.bornMs ??
      (timestampMs > 0 && timestampMs <= nowMs ? timestampMs : nowMs);
    const changedMs = change === "known" ? bornMs : nowMs;
    const { sequence } = this.journal.add({
      endpoint,
      change,
      isOwn,
      isLeaving: false,
      bornMs,
      changedMs,
    });
    if (change !== "known") {
      const name = endpoint.interfaces.slice(0, 3).map((name) => toVisible(name, 100)).join(", ");
      const detail = formatAddress(endpoint);
      this.timeline.add({ type: change, atMs: nowMs, name, detail }, sequence);
    }
    this.#onChange();
  }

  async #followHealth(): Promise<void> {
    for await (const health of this.#host.healthChanges(this.#abort.signal)) {
      this.#setHealth(createPageHealth(health));
    }
  }

  #setHealth(health: PageHealth): void {
    if (JSON.stringify(health) === JSON.stringify(this.#health)) return;
    const { state } = this.#health;
    this.#health = health;
    this.#healthVersion++;
    if (health.state !== state) this.#recordHealth();
    this.#onChange();
  }

  #recordHealth(): void {
    const { state: name, reason: detail } = this.#health;
    const event = { type: "health", atMs: this.#clock.epochMs(), name, detail } as const;
    this.timeline.add(event, this.journal.advance());
  }
}

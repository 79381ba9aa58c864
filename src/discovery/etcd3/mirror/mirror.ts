import {
  EtcdError,
  type EtcdLink,
  type KeyValue,
  type WatchEvent,
  type WatchStream,
} from "../../../etcd/mod.ts";
import { backoffMs, type BackoffOptions, type Clock, jittered, pause } from "../../../util/mod.ts";
import type { EndpointView, StoredEndpoint } from "../../endpoint_view.ts";
import type { HealthMonitor } from "../health/mod.ts";
import type { ResolvedDiscoveryOptions } from "../options/mod.ts";
import { decodeText, type Listing, listKeys } from "../registry/mod.ts";
import type { MirrorState, Position } from "./mirror_state.ts";
import {
  addChanges,
  checkStore,
  findLastChanges,
  isBehind,
  type StoreIdentity,
} from "./store_check.ts";
import { WatchMonitor } from "./watch_monitor.ts";

/** Receives what the mirror sees of the keys of our own session. */
export interface OwnKeysObserver {
  /** Applies a change of one of our keys, by us or by another process. */
  observe(key: string, event: WatchEvent): void;
  /** Applies a listing of our keys at a revision; `isOtherStore` voids older knowledge. */
  observeListing(
    keys: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void;
}

/** Parts that a {@link Mirror} needs. */
export interface MirrorOptions {
  /** Settings of the discovery. */
  readonly options: ResolvedDiscoveryOptions;
  /** View to keep equal to etcd. */
  readonly view: EndpointView<string>;
  /** Receives what concerns our own keys. */
  readonly own: OwnKeysObserver;
  /** Receives the progress and faults. */
  readonly health: HealthMonitor;
  /** Source of time and randomness. */
  readonly clock: Clock;
}

/** Delays after etcd denies the listing or the watch. */
const DENIED: BackoffOptions = { baseMs: 1000, capMs: 30_000 };
/** Delays when the store is compacted faster than it can be listed. */
const COMPACTED: BackoffOptions = { baseMs: 250, capMs: 30_000 };

/**
 * Keeps the view equal to the keys under the top key: a listing at one revision, then a
 * watch from the next. After a lost connection the watch goes on after the last change that
 * was applied. When that is not possible, because the history is compacted or the store is
 * another one, it lists again and the view determines the difference.
 */
export class Mirror {
  readonly #options: ResolvedDiscoveryOptions;
  readonly #view: EndpointView<string>;
  readonly #own: OwnKeysObserver;
  readonly #health: HealthMonitor;
  readonly #clock: Clock;
  #state: MirrorState = { kind: "listing", position: undefined, hasGrace: false };
  /** Until when a deleted endpoint stays known for the grace time. */
  #graceUntilMs = -Infinity;

  /** Creates a mirror; {@link run} starts it. */
  constructor({ options, view, own, health, clock }: MirrorOptions) {
    this.#options = options;
    this.#view = view;
    this.#own = own;
    this.#health = health;
    this.#clock = clock;
  }

  /**
   * Requires a new listing, in which missing endpoints stay known for the grace time. Called
   * when an outage was so long that leases have ended, so that exporters must come back.
   */
  invalidate(): void {
    this.#relist({ hasGrace: true });
  }

  /** Mirrors over one connection; throws what it failed with. */
  async run(link: EtcdLink, firstStream: WatchStream, signal: AbortSignal): Promise<void> {
    let stream = firstStream;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#synchronize(link, stream, () => failures = 0);
      } catch (error) {
        await this.#recover(error, ++failures, signal);
      } finally {
        this.#interrupt();
        stream.cancel();
      }
      if (!signal.aborted) stream = await link.watch.open();
    }
  }

  /** Lists if needed, then watches; returns when it has to list again. */
  async #synchronize(link: EtcdLink, stream: WatchStream, onReady: () => void): Promise<void> {
    const store = await checkStore(link, this.#state.position);
    if (store !== "same") this.#relist({});
    const { position, resyncAtMs } = this.#state.kind === "listing"
      ? this.#apply(await listKeys(link, this.#options.keys), this.#state, store)
      : this.#state;
    const { prefix, prefixEnd } = this.#options.keys;
    const startRevision = position.nextRevision;
    await stream.create(prefix, { rangeEnd: prefixEnd, startRevision });
    onReady();
    this.#setState({ kind: "watching", position, resyncAtMs });
    this.#view.release(this.#options.removalGraceMs);
    this.#health.set({ mirror: { kind: "ready" } });
    await this.#follow(stream);
  }

  /** Waits as long as an error calls for; throws errors that end the connection. */
  async #recover(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    if (!(error instanceof EtcdError)) throw error;
    if (error.code === "compacted") {
      this.#relist({});
      if (failures > 1) await this.#backOff(failures, COMPACTED, signal);
    } else if (error.code === "permission-denied") {
      this.#health.set({ mirror: { kind: "denied", error } });
      this.#health.incident("etcd denies the list of endpoints", error);
      await this.#backOff(failures, DENIED, signal);
    } else throw error;
  }

  #backOff(failures: number, options: BackoffOptions, signal: AbortSignal): Promise<void> {
    const delayMs = backoffMs(failures, options, () => this.#clock.random());
    return pause(delayMs, signal, this.#clock);
  }

  /** Applies a listing and returns where to watch from. */
  #apply(
    { header, kvs }: Listing,
    { position: before, hasGrace }: MirrorState & { kind: "listing" },
    store: StoreIdentity,
  ) {
    const listed = new Map<string, StoredEndpoint<string>>();
    const own = new Map<string, KeyValue>();
    for (const kv of kvs) {
      const key = decodeText(kv.key);
      const parsed = this.#options.keys.parse(key);
      if (parsed?.sessionId === this.#options.sessionId) own.set(key, kv);
      else if (parsed?.endpointId !== undefined) {
        listed.set(key, toStored(key, parsed.endpointId, kv));
      }
    }
    if (before !== undefined) this.#health.count("resyncs");
    const isOtherStore = store === "other" || (store === "unknown" && isBehind(header, before));
    if (isOtherStore || hasGrace) {
      this.#graceUntilMs = this.#clock.now() + this.#options.removalGraceMs;
    }
    const { revision, clusterId } = header;
    const lastChanges = findLastChanges(kvs);
    const position = { nextRevision: revision + 1n, clusterId, lastChanges };
    const next = { position, ...this.#planResync() };
    // From here on a lost connection only interrupts.
    this.#setState({ kind: "interrupted", ...next });
    this.#own.observeListing(own, revision, isOtherStore);
    this.#view.replace(listed, this.#findGraceMs());
    return next;
  }

  /** Applies changes as they come; throws when the watch fails or falls silent. */
  async #follow(stream: WatchStream): Promise<void> {
    const { progressIntervalMs: intervalMs, progressTimeoutMs: timeoutMs } = this.#options;
    using monitor = new WatchMonitor({ stream, intervalMs, timeoutMs, clock: this.#clock });
    monitor.restart();
    for await (const { events } of stream) {
      monitor.restart();
      if (this.#state.kind !== "watching") return;
      this.#setState({ ...this.#state, position: this.#applyEvents(events, this.#state.position) });
      if (this.#clock.now() >= this.#state.resyncAtMs) return this.#relist({});
    }
    const reason = monitor.isSilent ? `is silent for ${timeoutMs} ms` : "ended";
    throw new EtcdError("timeout", `The watch of ${this.#options.keys.prefix} ${reason}`);
  }

  /** Applies the events of whole revisions and returns the position after them. */
  #applyEvents(events: readonly WatchEvent[], position: Position): Position {
    // Older servers repeat events after a compaction or a restart.
    const fresh = events.filter(({ kv }) => kv.modRevision >= position.nextRevision);
    for (const event of fresh) this.#applyEvent(event);
    const last = fresh.at(-1);
    if (last === undefined) return position;
    const lastChanges = addChanges(position.lastChanges, fresh);
    return { ...position, nextRevision: last.kv.modRevision + 1n, lastChanges };
  }

  #applyEvent(event: WatchEvent): void {
    const key = decodeText(event.kv.key);
    const parsed = this.#options.keys.parse(key);
    if (parsed === undefined) return;
    if (parsed.sessionId === this.#options.sessionId) this.#own.observe(key, event);
    else if (parsed.endpointId === undefined) return;
    else if (event.type === "put") this.#view.put(toStored(key, parsed.endpointId, event.kv));
    else this.#view.delete(key, this.#findGraceMs());
  }

  /** Requires a new listing. */
  #relist({ hasGrace = false }): void {
    const { position } = this.#state;
    const hadGrace = this.#state.kind === "listing" && this.#state.hasGrace;
    this.#setState({ kind: "listing", position, hasGrace: hadGrace || hasGrace });
  }

  /** Keeps the view as it is while no watch follows the changes. */
  #interrupt(): void {
    this.#view.hold();
    if (this.#state.kind === "watching") this.#setState({ ...this.#state, kind: "interrupted" });
  }

  #setState(state: MirrorState): void {
    this.#state = state;
  }

  #findGraceMs(): number {
    return this.#clock.now() < this.#graceUntilMs ? this.#options.removalGraceMs : 0;
  }

  #planResync(): { resyncAtMs: number } {
    const { resyncIntervalMs } = this.#options;
    if (resyncIntervalMs === 0) return { resyncAtMs: Infinity };
    const delayMs = jittered(resyncIntervalMs, 0.2, () => this.#clock.random());
    return { resyncAtMs: this.#clock.now() + delayMs };
  }
}

function toStored(key: string, endpointId: string, { value }: KeyValue): StoredEndpoint<string> {
  return { key, endpointId, content: decodeText(value) };
}

import { Buffer } from "node:buffer";
import {
  EtcdError,
  type EtcdLink,
  type KeyValue,
  type ReplyHeader,
  type WatchEvent,
  type WatchStream,
} from "../../etcd/mod.ts";
import { backoffMs, jittered, pause } from "../../util/mod.ts";
import type { HealthMonitor } from "./health_monitor.ts";
import type { ResolvedDiscoveryOptions } from "./options.ts";
import type { EndpointView, StoredEndpoint } from "../endpoint_view.ts";

/** What the mirror tells of the keys of our own session. */
export interface OwnKeysObserver {
  /** One of our keys was put or deleted, by us or by somebody else. */
  observe(key: string, event: WatchEvent): void;
  /** All our keys at a revision; `isOtherStore` when older knowledge is void. */
  observeListing(
    keys: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void;
}

/** Keys of a page of a listing. */
const PAGE_SIZE = 500;
/** How often a listing is begun again when its revision is compacted meanwhile. */
const LIST_ATTEMPTS = 3;
/** Delays after etcd denies the listing or the watch. */
const DENIED = { baseMs: 1000, capMs: 30_000 };
/** Delays when the store is compacted faster than it can be listed. */
const COMPACTED = { baseMs: 250, capMs: 30_000 };

/**
 * Keeps the view equal to what etcd has under the top key: a listing at one revision,
 * then a watch from the next. After a broken connection the watch goes on after the
 * last change it delivered. When that can't be, because the history is compacted or
 * the store is another one, it lists again and the view works out the difference.
 */
export class Mirror {
  readonly #options: ResolvedDiscoveryOptions;
  readonly #view: EndpointView<string>;
  readonly #own: OwnKeysObserver;
  readonly #health: HealthMonitor;
  #nextRevision: bigint | undefined;
  #clusterId: bigint | undefined;
  #hasListed = false;
  #isGraceDue = false;
  #graceUntilMs = -Infinity;
  /** Where the watch went on, when the store does not seem to be the one it was. */
  #doubtedRevision: bigint | undefined;
  #resyncAtMs = Infinity;

  constructor(
    options: ResolvedDiscoveryOptions,
    view: EndpointView<string>,
    own: OwnKeysObserver,
    health: HealthMonitor,
  ) {
    this.#options = options;
    this.#view = view;
    this.#own = own;
    this.#health = health;
  }

  /**
   * What the view shows can't be built on: list again, and show what is missing for
   * the time of grace, because its exporters are likely to come back.
   */
  invalidate(): void {
    this.#nextRevision = undefined;
    this.#isGraceDue = true;
  }

  /** Mirrors over one connection until that fails; throws what it failed with. */
  async run(link: EtcdLink, firstStream: WatchStream, signal: AbortSignal): Promise<void> {
    let stream = firstStream;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#synchronize(link, stream, () => failures = 0);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        failures++;
        if (error.code === "compacted") {
          this.#nextRevision = undefined;
          if (failures > 1) await pause(backoffMs(failures, COMPACTED), signal);
        } else if (error.code === "permission-denied") {
          this.#health.set({ isMirrorReady: false, mirrorDenied: error });
          this.#health.incident("etcd denies the list of endpoints", error);
          await pause(backoffMs(failures, DENIED), signal);
        } else throw error;
      } finally {
        this.#view.hold();
        stream.cancel();
      }
      if (!signal.aborted) stream = await link.watch.open();
    }
  }

  /** Lists if need be, then watches; returns when it has to list again. */
  async #synchronize(link: EtcdLink, stream: WatchStream, onReady: () => void): Promise<void> {
    const isResumed = this.#nextRevision !== undefined;
    const startRevision = this.#nextRevision ?? await this.#list(link);
    const { prefix, prefixEnd } = this.#options.keys;
    const header = await stream.create(prefix, { rangeEnd: prefixEnd, startRevision });
    if (isResumed && this.#isOtherStore(header, startRevision)) {
      // Or this member lags behind; the listing asks the quorum and tells which it is.
      this.#doubtedRevision = startRevision;
      this.#nextRevision = undefined;
      return;
    }
    onReady();
    this.#view.release(this.#options.removalGraceMs);
    this.#health.set({ isMirrorReady: true, mirrorDenied: undefined });
    await this.#follow(stream);
  }

  /** A watch from a revision that the store has not reached is accepted and silent. */
  #isOtherStore(header: ReplyHeader, startRevision: bigint): boolean {
    return header.revision < startRevision - 1n || header.clusterId !== this.#clusterId;
  }

  /** Lists everything at one revision, hands it on, and gives the revision after it. */
  async #list(link: EtcdLink): Promise<bigint> {
    const { header, kvs } = await this.#listPages(link);
    const listing = new Map<string, StoredEndpoint<string>>();
    const own = new Map<string, KeyValue>();
    for (const kv of kvs) {
      const key = textOf(kv.key);
      const parsed = this.#options.keys.parse(key);
      if (parsed?.sessionId === this.#options.sessionId) own.set(key, kv);
      else if (parsed?.endpointId !== undefined) {
        listing.set(key, storedOf(key, parsed.endpointId, kv));
      }
    }
    if (this.#hasListed) this.#health.count("resyncs");
    this.#hasListed = true;
    const isOtherStore = this.#doubtedRevision !== undefined &&
      this.#isOtherStore(header, this.#doubtedRevision);
    if (isOtherStore || this.#isGraceDue) {
      this.#graceUntilMs = performance.now() + this.#options.removalGraceMs;
    }
    this.#doubtedRevision = undefined;
    this.#isGraceDue = false;
    this.#clusterId = header.clusterId;
    this.#nextRevision = header.revision + 1n;
    this.#own.observeListing(own, header.revision, isOtherStore);
    this.#view.replace(listing, this.#graceMs());
    this.#scheduleResync();
    return this.#nextRevision;
  }

  async #listPages(link: EtcdLink): Promise<{ header: ReplyHeader; kvs: KeyValue[] }> {
    let pageSize = PAGE_SIZE;
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#listOnce(link, pageSize);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        if (error.code === "too-large" && pageSize > 1) pageSize = Math.ceil(pageSize / 2);
        else if (error.code !== "compacted" || attempt >= LIST_ATTEMPTS) throw error;
      }
    }
  }

  async #listOnce(
    link: EtcdLink,
    limit: number,
  ): Promise<{ header: ReplyHeader; kvs: KeyValue[] }> {
    const { prefix, prefixEnd: rangeEnd } = this.#options.keys;
    const first = await link.kv.range(prefix, { rangeEnd, limit });
    const kvs = [...first.kvs];
    const { revision } = first.header;
    for (let page = first; page.more;) {
      const last = kvs.at(-1);
      if (last === undefined) break;
      const from = Buffer.concat([last.key, Uint8Array.of(0)]);
      page = await link.kv.range(from, { rangeEnd, limit, revision });
      kvs.push(...page.kvs);
    }
    return { header: first.header, kvs };
  }

  /** Applies changes as they come; throws when the watch fails or falls silent. */
  async #follow(stream: WatchStream): Promise<void> {
    const { progressIntervalMs, progressTimeoutMs } = this.#options;
    let isSilent = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stream.requestProgress();
        timer = setTimeout(() => {
          isSilent = true;
          stream.cancel();
        }, progressTimeoutMs);
      }, jittered(progressIntervalMs, 0.2));
    };
    try {
      listen();
      for await (const batch of stream) {
        listen();
        this.#apply(batch.events);
        if (performance.now() >= this.#resyncAtMs) {
          this.#nextRevision = undefined;
          return;
        }
      }
    } finally {
      clearTimeout(timer);
    }
    const reason = isSilent ? `is silent for ${progressTimeoutMs} ms` : "ended";
    throw new EtcdError("timeout", `The watch of ${this.#options.keys.prefix} ${reason}`);
  }

  /** One revision can hold many events; the place to resume moves when all are applied. */
  #apply(events: readonly WatchEvent[]): void {
    const from = this.#nextRevision ?? 0n;
    for (const event of events) {
      // Older servers repeat events after a compaction or a restart.
      if (event.kv.modRevision < from) continue;
      const key = textOf(event.kv.key);
      const parsed = this.#options.keys.parse(key);
      if (parsed === undefined) continue;
      if (parsed.sessionId === this.#options.sessionId) this.#own.observe(key, event);
      else if (parsed.endpointId === undefined) continue;
      else if (event.type === "put") this.#view.put(storedOf(key, parsed.endpointId, event.kv));
      else this.#view.delete(key, this.#graceMs());
    }
    const last = events.at(-1)?.kv.modRevision;
    if (last !== undefined && last >= from) this.#nextRevision = last + 1n;
  }

  #graceMs(): number {
    return performance.now() < this.#graceUntilMs ? this.#options.removalGraceMs : 0;
  }

  #scheduleResync(): void {
    const { resyncIntervalMs } = this.#options;
    this.#resyncAtMs = resyncIntervalMs === 0
      ? Infinity
      : performance.now() + jittered(resyncIntervalMs, 0.2);
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

function storedOf(key: string, endpointId: string, kv: KeyValue): StoredEndpoint<string> {
  return { key, endpointId, content: textOf(kv.value) };
}

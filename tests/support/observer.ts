import { EtcdClient, type EtcdError, prefixEnd, type WatchEvent } from "../../src/etcd/mod.ts";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { text } from "./etcd.ts";
import { Recorder } from "./events.ts";

/** Change as etcd reported it. */
export interface Change {
  readonly type: "put" | "delete";
  readonly key: string;
  readonly value: string;
  readonly lease: bigint;
  readonly revision: bigint;
}

/**
 * Records the true history of the keys by a raw watch that is independent of the discovery.
 * After an interruption it continues after the last change, or at the beginning of a new store.
 */
export class Observer extends Recorder<Change> implements AsyncDisposable {
  readonly #client: EtcdClient;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #markers = new Set<string>();
  readonly #reached = new Map<string, () => void>();
  #next = 1n;

  constructor(endpoints: string | readonly string[], options = {}) {
    super();
    this.#client = new EtcdClient({
      endpoints,
      dialTimeoutMs: 5000,
      callTimeoutMs: 20_000,
      ...options,
    });
    this.#loop = this.#run();
  }

  static async start(endpoints: string | readonly string[], options = {}): Promise<Observer> {
    const observer = new Observer(endpoints, options);
    await observer.#ready.promise;
    return observer;
  }

  get client(): EtcdClient {
    return this.#client;
  }

  /** Returns the keys after the whole history. */
  get state(): ReadonlyMap<string, Change> {
    const state = new Map<string, Change>();
    for (const change of this.all) {
      if (change.type === "put") state.set(change.key, change);
      else state.delete(change.key);
    }
    return state;
  }

  /** Returns the deletions of the keys that contain a string. */
  deletes(part: string): Change[] {
    return this.all.filter(({ type, key }) => type === "delete" && key.includes(part));
  }

  /** Waits until every change that etcd has made so far is recorded. */
  async sync(): Promise<void> {
    const marker = `${DEFAULT_TOP_KEY}/observer-${crypto.randomUUID()}`;
    this.#markers.add(marker);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#reached.set(marker, resolve);
    await this.#client.kv.put(marker, "");
    await promise;
    await this.#client.kv.delete(marker);
  }

  /** Drops the recorded changes. */
  clear(): void {
    this.all.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#client.close();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#watch();
      } catch (error) {
        if ((error as EtcdError).code === "compacted") {
          this.#next = (error as EtcdError).compactRevision;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async #watch(): Promise<void> {
    const { header } = await this.#client.kv.range(DEFAULT_TOP_KEY);
    if (header.revision < this.#next - 1n) this.#next = 1n; // another store
    await using stream = await this.#client.watch.range(`${DEFAULT_TOP_KEY}/`, {
      rangeEnd: prefixEnd(`${DEFAULT_TOP_KEY}/`),
      startRevision: this.#next,
    });
    this.#ready.resolve();
    for await (const { events } of stream) for (const event of events) this.#record(event);
  }

  #record({ type, kv }: WatchEvent): void {
    this.#next = kv.modRevision + 1n;
    const { lease, modRevision: revision } = kv;
    const marker = text(kv.key);
    if (this.#markers.has(marker)) return this.#reached.get(marker)?.();
    this.add({ type, key: text(kv.key), value: text(kv.value), lease, revision });
  }
}

import {
  type Bytes,
  EtcdError,
  type ReplyHeader,
  type WatchBatch,
  type WatchEvent,
  type WatchOptions,
  type WatchStream,
} from "../../src/etcd/mod.ts";
import type { MessagePath, ServerModel } from "./etcd_model_parts.ts";

/** Returns a key as a string. */
export function toText(bytes: Bytes): string {
  return typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
}

type WatchState =
  | { readonly kind: "open" }
  | {
    readonly kind: "created";
    readonly from: string;
    readonly end: string | undefined;
    readonly startRevision: bigint;
  }
  | { readonly kind: "failed"; readonly error: EtcdError }
  | { readonly kind: "cancelled" };

/** One watch on one stream of the model; its messages arrive in order. */
export class WatchModel implements WatchStream {
  readonly #etcd: ServerModel;
  readonly #link: MessagePath;
  readonly #batches: WatchBatch[] = [];
  #state: WatchState = { kind: "open" };
  #wake = () => {};
  /** Settles when the last message has arrived. */
  #arrived: Promise<void> = Promise.resolve();

  constructor(etcd: ServerModel, link: MessagePath) {
    this.#etcd = etcd;
    this.#link = link;
  }

  async create(key: Bytes, options: WatchOptions = {}): Promise<ReplyHeader> {
    const { startRevision: wanted = 0n, rangeEnd } = options;
    await this.#link.pass();
    const { header } = this.#etcd;
    const startRevision = wanted === 0n ? header.revision + 1n : wanted;
    const end = rangeEnd === undefined ? undefined : toText(rangeEnd);
    if (this.#state.kind !== "open") throw new EtcdError("closed", "The watch is closed");
    this.#state = { kind: "created", from: toText(key), end, startRevision };
    const created = this.#link.pass();
    this.#arrived = created.catch(() => {}); // the caller has the error
    this.#replay(startRevision);
    await created;
    return header;
  }

  requestProgress(): void {
    this.#send(() => this.#batches.push({ header: this.#etcd.header, events: [] }));
  }

  cancel(): void {
    if (this.#state.kind === "cancelled" || this.#state.kind === "failed") return;
    this.#end({ kind: "cancelled" });
  }

  async next(): Promise<IteratorResult<WatchBatch, undefined>> {
    while (true) {
      const batch = this.#batches.shift();
      if (batch !== undefined) return { done: false, value: batch };
      if (this.#state.kind === "failed") throw this.#state.error;
      if (this.#state.kind === "cancelled") return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  return(): Promise<IteratorResult<WatchBatch, undefined>> {
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    return Promise.resolve();
  }

  /** Called by the link when it breaks. */
  fail(error: EtcdError): void {
    if (this.#state.kind === "cancelled" || this.#state.kind === "failed") return;
    this.#end({ kind: "failed", error });
  }

  /** Called by the link: sends the events of one revision. */
  publish(events: readonly WatchEvent[]): void {
    const batch = { header: this.#etcd.header, events: this.#select(events) };
    if (batch.events.length > 0) this.#send(() => this.#batches.push(batch));
  }

  /** Sends what happened between the start revision and the creation, or refuses. */
  #replay(startRevision: bigint): void {
    const { compacted } = this.#etcd.store;
    if (startRevision < compacted) {
      const reason = `etcd cancelled the watch: compacted at revision ${compacted}`;
      const error = new EtcdError("compacted", reason, { compactRevision: compacted });
      this.#send(() => this.fail(error));
      return;
    }
    const batch = {
      header: this.#etcd.header,
      events: this.#select(this.#etcd.store.since(startRevision)),
    };
    if (batch.events.length > 0) this.#send(() => this.#batches.push(batch));
  }

  #select(events: readonly WatchEvent[]): WatchEvent[] {
    const state = this.#state;
    if (state.kind !== "created") return [];
    const { from, end, startRevision } = state;
    return events.filter(({ kv }) => {
      const key = toText(kv.key);
      const isInside = end === undefined ? key === from : key >= from && key < end;
      return isInside && kv.modRevision >= startRevision;
    });
  }

  /** Delivers a message after those before it. */
  #send(deliver: () => void): void {
    const before = this.#arrived;
    const passed = this.#link.pass();
    const arrive = async () => {
      await passed;
      await before;
      if (this.#state.kind === "cancelled" || this.#state.kind === "failed") return;
      deliver();
      this.#wake();
    };
    // A broken connection fails the watch itself.
    this.#arrived = arrive().catch(() => {});
  }

  #end(state: WatchState & { kind: "failed" | "cancelled" }): void {
    this.#state = state;
    this.#link.forget(this);
    this.#wake();
  }
}

import type { Caller, CallOptions } from "./caller.ts";
import type { Duplex, RpcReply, RpcRequest, WireEvent } from "./transport/mod.ts";
import {
  type Bytes,
  type KeyValue,
  type ReplyHeader,
  toHeader,
  toKeys,
  toKeyValue,
} from "./wire.ts";
import { EtcdError, toCancelCode } from "./errors.ts";
import { waitFor } from "../util/mod.ts";

/** Settings of a watch. */
export interface WatchOptions {
  /** First key after the range. @default only the one key is watched */
  readonly rangeEnd?: Bytes;
  /** First revision to report; 0 for changes from now on. @default 0n */
  readonly startRevision?: bigint;
  /** Whether the server reports its revision after about 10 min without a change. @default false */
  readonly progressNotify?: boolean;
  /** Whether events have the state before the change. @default false */
  readonly prevKv?: boolean;
}

/** Change of one key. */
export interface WatchEvent {
  /** Kind of change: `put` for created or changed, `delete` for deleted or expired. */
  readonly type: "put" | "delete";
  /** State of the key after the change. */
  readonly kv: KeyValue;
  /** State of the key before the change, if `prevKv` is set and the key existed. */
  readonly prevKv: KeyValue | undefined;
}

/** Changes that the server sent together; fragments are merged. */
export interface WatchBatch {
  /**
   * State of the store. While old events are replayed, its revision is later than theirs:
   * resume after the `modRevision` of the last event, not after this revision.
   */
  readonly header: ReplyHeader;
  /** Changes in order; empty in the reply to {@link WatchStream.requestProgress}. */
  readonly events: readonly WatchEvent[];
}

/** The Watch service. Streams end with an {@link EtcdError}; they do not resume by themselves. */
export interface Watches {
  /** Opens a stream on which {@link WatchStream.create} starts the watch. */
  open(options?: CallOptions): Promise<WatchStream>;
  /**
   * Watches one key or a range of keys.
   *
   * @example
   * ```ts
   * import { EtcdClient } from "@remote-services/etcd3/etcd";
   *
   * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
   * await using watch = await etcd.watch.range("example/watched");
   * await etcd.kv.put("example/watched", "x");
   * for await (const { events } of watch) {
   *   console.log(events[0]?.type); // put
   *   break;
   * }
   * ```
   * @throws {EtcdError} `permission-denied`, `unauthenticated`, `unavailable`, ...
   * if the server refuses the watch or does not answer in time
   */
  range(key: Bytes, options?: WatchOptions & CallOptions): Promise<WatchStream>;
}

/** One watch on one stream: iterate it for the changes, leave the loop to cancel it. */
export interface WatchStream extends AsyncIterableIterator<WatchBatch>, AsyncDisposable {
  /**
   * Starts the watch, once, and waits until the server has accepted it. The server accepts a
   * compacted `startRevision` too; the iteration then throws `compacted`.
   *
   * @returns the header of the acceptance; a revision below `startRevision - 1` means that
   * the store is another one, or that the member lags behind
   * @throws {EtcdError} if the server refuses, or does not answer in time
   */
  create(key: Bytes, options?: WatchOptions, callOptions?: CallOptions): Promise<ReplyHeader>;
  /** Asks the server to report its revision as an empty batch, to check that it is alive. */
  requestProgress(): void;
  /** Ends the watch. May be called more than once. */
  cancel(): void;
  /** Returns the next changes; ends after {@link cancel}, throws an {@link EtcdError} otherwise. */
  next(): Promise<IteratorResult<WatchBatch, undefined>>;
  /** Ends the watch when a `for await` loop is left. */
  return(): Promise<IteratorResult<WatchBatch, undefined>>;
}

/** The Watch service over RPCs. */
export class RpcWatches implements Watches {
  readonly #caller: Caller;
  readonly #callTimeoutMs: number;

  /** @param callTimeoutMs longest time to wait for the answer to a create, by default */
  constructor(caller: Caller, callTimeoutMs: number) {
    this.#caller = caller;
    this.#callTimeoutMs = callTimeoutMs;
  }

  async open(options: CallOptions = {}): Promise<WatchStream> {
    return new RpcWatchStream(await this.#caller.duplex("watch", options), this.#callTimeoutMs);
  }

  async range(key: Bytes, options: WatchOptions & CallOptions = {}): Promise<WatchStream> {
    const stream = await this.open(options);
    await stream.create(key, options, options);
    return stream;
  }
}

/** A watch over an RPC. */
class RpcWatchStream implements WatchStream {
  readonly #stream: Duplex<RpcRequest<"watch">, RpcReply<"watch">>;
  readonly #callTimeoutMs: number;
  #fragments: WatchEvent[] = [];

  constructor(stream: Duplex<RpcRequest<"watch">, RpcReply<"watch">>, callTimeoutMs: number) {
    this.#stream = stream;
    this.#callTimeoutMs = callTimeoutMs;
  }

  async create(
    key: Bytes,
    options: WatchOptions = {},
    { timeoutMs = this.#callTimeoutMs, signal }: CallOptions = {},
  ): Promise<ReplyHeader> {
    const createTimeoutError = () =>
      new EtcdError("timeout", `etcd did not accept the watch in ${timeoutMs} ms`);
    try {
      this.#stream.send({ create_request: toCreateRequest(key, options) });
      const first = await waitFor(this.#stream.next(), { timeoutMs, signal, createTimeoutError });
      signal?.throwIfAborted();
      if (first.done) throw new EtcdError("closed", "The watch is closed");
      if (first.value.canceled) throw createCancelError(first.value);
      if (!first.value.created) {
        throw new EtcdError("protocol", "etcd sent events before the watch");
      }
      return toHeader(first.value.header);
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  requestProgress(): void {
    this.#stream.send({ progress_request: {} });
  }

  cancel(): void {
    this.#stream.cancel();
  }

  async next(): Promise<IteratorResult<WatchBatch, undefined>> {
    while (true) {
      const reply = await this.#stream.next();
      if (reply.done) return reply;
      const response = reply.value;
      if (response.canceled) {
        this.cancel();
        throw createCancelError(response);
      }
      this.#fragments.push(...response.events.map(toWatchEvent));
      if (response.fragment) continue;
      const events = this.#fragments;
      this.#fragments = [];
      return { done: false, value: { header: toHeader(response.header), events } };
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
}

function toCreateRequest(
  key: Bytes,
  options: WatchOptions,
): NonNullable<RpcRequest<"watch">["create_request"]> {
  return {
    ...toKeys(key, options.rangeEnd),
    start_revision: String(options.startRevision ?? 0n),
    progress_notify: options.progressNotify ?? false,
    prev_kv: options.prevKv ?? false,
    fragment: true,
  };
}

function toWatchEvent(event: WireEvent): WatchEvent {
  if (event.kv === null) throw new EtcdError("protocol", "etcd sent a watch event without a key");
  return {
    type: event.type === "DELETE" ? "delete" : "put",
    kv: toKeyValue(event.kv),
    prevKv: event.prev_kv === null ? undefined : toKeyValue(event.prev_kv),
  };
}

function createCancelError(response: RpcReply<"watch">): EtcdError {
  const compactRevision = BigInt(response.compact_revision);
  const code = compactRevision > 0n ? "compacted" : toCancelCode(response.cancel_reason);
  const reason = response.cancel_reason || `compacted at revision ${compactRevision}`;
  return new EtcdError(code, `etcd cancelled the watch: ${reason}`, { compactRevision });
}

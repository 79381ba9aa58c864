import type { Caller, CallOptions } from "./caller.ts";
import { type Duplex, METHODS } from "./transport/mod.ts";
import {
  type Bytes,
  type KeyValue,
  type ReplyHeader,
  toHeader,
  toKeys,
  toKeyValue,
} from "./wire.ts";
import { codeOfCancelReason, EtcdError } from "./errors.ts";
import type { WatchRequest } from "./transport/generated/etcdserverpb/WatchRequest.ts";
import type { WatchResponse__Output } from "./transport/generated/etcdserverpb/WatchResponse.ts";
import type { Event__Output } from "./transport/generated/mvccpb/Event.ts";

/** Which keys to watch and from when. */
export interface WatchOptions {
  /** First key after the range; without it only the one key is watched. */
  readonly rangeEnd?: Bytes;
  /** First revision to report; 0 for what comes from now on. @default 0n */
  readonly startRevision?: bigint;
  /** Have the server report its revision about every 10 min of silence. @default false */
  readonly progressNotify?: boolean;
  /** Send what was stored before each change. @default false */
  readonly prevKv?: boolean;
}

/** One change of one key. */
export interface WatchEvent {
  /** `put` for created or changed, `delete` for deleted, revoked or expired. */
  readonly type: "put" | "delete";
  /** The key after the change. */
  readonly kv: KeyValue;
  /** What was stored before, when `prevKv` was asked for and there was something. */
  readonly prevKv: KeyValue | undefined;
}

/** Changes that the server sent together; fragments are merged before they come here. */
export interface WatchBatch {
  /**
   * What the reply says about the store. While old events are replayed its revision
   * is ahead of them: resume after the last event's `modRevision`, not after this.
   */
  readonly header: ReplyHeader;
  /** The changes in order; empty in an answer to {@link WatchStream.requestProgress}. */
  readonly events: readonly WatchEvent[];
}

/**
 * The Watch service. Streams end with an {@link EtcdError}; they do not resume by
 * themselves.
 */
export class Watches {
  readonly #caller: Caller;

  /** Made by the client. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Opens a stream on which {@link WatchStream.create} starts the watch. */
  async open(options: CallOptions = {}): Promise<WatchStream> {
    return new WatchStream(
      await this.#caller.duplex(METHODS.watch, options),
    );
  }

  /**
   * Watches one key or a range of keys.
   *
   * @throws {EtcdError} `permission-denied`, `unauthenticated`, `unavailable`, ...
   * when the server refuses the watch or does not answer in time.
   */
  async range(key: Bytes, options: WatchOptions & CallOptions = {}): Promise<WatchStream> {
    const stream = await this.open(options);
    await stream.create(key, options, options);
    return stream;
  }
}

/** One watch on one stream: iterate it for the changes, leave the loop to cancel it. */
export class WatchStream implements AsyncIterableIterator<WatchBatch>, AsyncDisposable {
  readonly #stream: Duplex<WatchRequest, WatchResponse__Output>;
  #fragments: WatchEvent[] = [];

  /** Made by {@link Watches.open}. */
  constructor(stream: Duplex<WatchRequest, WatchResponse__Output>) {
    this.#stream = stream;
  }

  /**
   * Starts the watch, once, and waits until the server has accepted it. A compacted
   * `startRevision` is accepted too and thrown as `compacted` by the iteration.
   *
   * @returns the header of the acceptance; a revision below `startRevision - 1` means
   * that the store is another one, or that the member lags behind.
   * @throws {EtcdError} when the server refuses or is silent for `timeoutMs` (5 s).
   */
  async create(
    key: Bytes,
    options: WatchOptions = {},
    { timeoutMs = 5000 }: CallOptions = {},
  ): Promise<ReplyHeader> {
    const timer = setTimeout(() => this.cancel(), timeoutMs);
    try {
      this.#stream.send({
        create_request: {
          ...toKeys(key, options.rangeEnd),
          start_revision: String(options.startRevision ?? 0n),
          progress_notify: options.progressNotify ?? false,
          prev_kv: options.prevKv ?? false,
          fragment: true,
        },
      });
      const first = await this.#stream.next();
      if (first.done) {
        throw new EtcdError("timeout", `etcd did not accept the watch in ${timeoutMs} ms`);
      }
      if (first.value.canceled) throw cancelError(first.value);
      if (!first.value.created) {
        throw new EtcdError("protocol", "etcd sent events before the watch");
      }
      return toHeader(first.value.header);
    } catch (error) {
      this.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the server to report its revision, as a sign of life: an empty batch. */
  requestProgress(): void {
    this.#stream.send({ progress_request: {} });
  }

  /** Ends the watch. May be repeated. */
  cancel(): void {
    this.#stream.cancel();
  }

  /** The next changes; ends after {@link cancel}, throws an {@link EtcdError} otherwise. */
  async next(): Promise<IteratorResult<WatchBatch, undefined>> {
    while (true) {
      const reply = await this.#stream.next();
      if (reply.done) return reply;
      const response = reply.value;
      if (response.canceled) {
        this.cancel();
        throw cancelError(response);
      }
      this.#fragments.push(...response.events.map(toWatchEvent));
      if (response.fragment) continue;
      const events = this.#fragments;
      this.#fragments = [];
      return { done: false, value: { header: toHeader(response.header), events } };
    }
  }

  /** Ends the watch when a `for await` loop is left. */
  return(): Promise<IteratorResult<WatchBatch, undefined>> {
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Iterates over the changes. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the watch. */
  [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    return Promise.resolve();
  }
}

function toWatchEvent(event: Event__Output): WatchEvent {
  if (event.kv === null) throw new EtcdError("protocol", "etcd sent a watch event without a key");
  return {
    type: event.type === "DELETE" ? "delete" : "put",
    kv: toKeyValue(event.kv),
    prevKv: event.prev_kv === null ? undefined : toKeyValue(event.prev_kv),
  };
}

function cancelError(response: WatchResponse__Output): EtcdError {
  const compactRevision = BigInt(response.compact_revision);
  const code = compactRevision > 0n ? "compacted" : codeOfCancelReason(response.cancel_reason);
  const reason = response.cancel_reason || `compacted at revision ${compactRevision}`;
  return new EtcdError(code, `etcd cancelled the watch: ${reason}`, { compactRevision });
}

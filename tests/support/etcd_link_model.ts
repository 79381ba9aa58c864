import {
  type CallOptions,
  type EtcdConnector,
  EtcdError,
  type EtcdLink,
  type KeepAliveStream,
  type Kv,
  type Leases,
  type Watches,
  type WatchEvent,
} from "../../src/etcd/mod.ts";
import { pause, waitFor } from "../../src/util/mod.ts";
import type { Connection, MessagePath, ServerModel } from "./etcd_model_parts.ts";
import { toText, WatchModel } from "./etcd_watch_model.ts";

/** Time after which a client gives up a connection that is silent, by HTTP/2 pings. */
const PING_MS = 15_000;
const CALL_TIMEOUT_MS = 5000;

/** The network between one client and the server, and that client's connections. */
export class ModelConnector implements EtcdConnector {
  readonly #etcd: ServerModel;
  #link: ModelLink | undefined;
  #isClosed = false;
  #isMute = false;
  #isCutOff = false;
  /** Resolves when the network delivers again. */
  #delivers = Promise.withResolvers<void>();

  constructor(etcd: ServerModel) {
    this.#etcd = etcd;
    this.#delivers.resolve();
  }

  /** Whether messages are held back in both directions. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** Breaks the connection. */
  cut(): void {
    this.#link?.break();
  }

  /** Breaks the connection for good, as when the machine is cut off. */
  cutOff(): void {
    this.#isCutOff = true;
    this.cut();
  }

  /** Holds back every message until {@link unmute}. */
  mute(): void {
    if (this.#isMute) return;
    this.#isMute = true;
    this.#delivers = Promise.withResolvers();
    const link = this.#link;
    const { promise } = this.#delivers;
    const timer = this.#etcd.clock.startTimer(PING_MS, () => link?.break());
    promise.then(() => timer.cancel());
  }

  /** Delivers what was held back. */
  unmute(): void {
    this.#isMute = false;
    this.#delivers.resolve();
  }

  async connect(options: CallOptions = {}): Promise<EtcdLink> {
    const { timeoutMs = CALL_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    if (this.#isClosed) throw new EtcdError("closed", "The client is closed");
    if (this.#link !== undefined && !this.#link.isClosed) return this.#link;
    const createTimeoutError = () => new EtcdError("timeout", "Cannot connect: no answer");
    const limits = { timeoutMs, signal, clock: this.#etcd.clock, createTimeoutError };
    await waitFor(this.pass(), limits);
    if (this.#isClosed) throw new EtcdError("closed", "The client is closed");
    if (this.#isCutOff) throw new EtcdError("unavailable", "no route to host");
    this.#etcd.check("connect");
    const link = new ModelLink(this.#etcd, this);
    this.#etcd.attach(link);
    return this.#link = link;
  }

  async drop(link: EtcdLink): Promise<void> {
    await link.close();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#link?.break(new EtcdError("closed", "The client is closed"));
    this.unmute();
    return Promise.resolve();
  }

  /** Lets a message pass, with its delay. */
  async pass(): Promise<void> {
    const latencyMs = this.#etcd.latencyMs();
    if (latencyMs > 0) await pause(latencyMs, undefined, this.#etcd.clock);
    while (this.#isMute) await this.#delivers.promise;
  }
}

/** One connection to the model. */
export class ModelLink implements EtcdLink, Connection, MessagePath {
  readonly endpoint = "model:2379";
  readonly #etcd: ServerModel;
  readonly #connector: ModelConnector;
  readonly #broken = new AbortController();
  readonly #watches = new Set<WatchModel>();

  constructor(etcd: ServerModel, connector: ModelConnector) {
    this.#etcd = etcd;
    this.#connector = connector;
  }

  get isClosed(): boolean {
    return this.#broken.signal.aborted;
  }

  readonly kv: Kv = {
    range: (key, options = {}) => {
      const { rangeEnd, revision = 0n, limit = 0 } = options;
      const end = rangeEnd === undefined ? undefined : toText(rangeEnd);
      return this.#call(options, () => {
        this.#etcd.check("read");
        return this.#etcd.store.range(toText(key), end, revision, limit);
      });
    },
    put: (key, value, options = {}) => {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return this.#call(options, () => {
        this.#etcd.check("write");
        return this.#etcd.store.put(toText(key), bytes, options.lease ?? 0n);
      });
    },
    delete: (key, options = {}) =>
      this.#call(options, () => {
        this.#etcd.check("write");
        const deleted = this.#etcd.store.delete([toText(key)]);
        return { deleted, header: this.#etcd.header };
      }),
    compact: (revision, options = {}) =>
      this.#call(options, () => {
        this.#etcd.store.compact(revision);
        return this.#etcd.header;
      }),
    txn: () => Promise.reject(new Error("The model has no transactions")),
  };

  readonly lease: Leases = {
    grant: (ttlSeconds, options = {}) =>
      this.#call(options, () => {
        this.#etcd.check("write");
        return { ...this.#etcd.store.grant(ttlSeconds), header: this.#etcd.header };
      }),
    revoke: (id, options = {}) => this.#call(options, () => this.#etcd.store.revoke(id)),
    timeToLive: () => Promise.reject(new Error("The model has no times to live")),
    keepAlive: (options = {}) => this.#call(options, () => this.#createKeepAlive()),
  };

  readonly watch: Watches = {
    open: (options = {}) =>
      this.#call(options, () => {
        const watch = new WatchModel(this.#etcd, this);
        this.#watches.add(watch);
        return watch;
      }),
    range: async (key, options = {}) => {
      const stream = await this.watch.open();
      await stream.create(key, options);
      return stream;
    },
  };

  /** Ends the connection with an error for everything under way. */
  break(error = new EtcdError("unavailable", "The connection broke")): void {
    if (this.isClosed) return;
    this.#etcd.detach(this);
    this.#broken.abort(error);
    for (const watch of this.#watches) watch.fail(error);
  }

  close(): Promise<void> {
    this.break(new EtcdError("closed", "The connection is closed"));
    return Promise.resolve();
  }

  publish(events: readonly WatchEvent[]): void {
    for (const watch of this.#watches) watch.publish(events);
  }

  async pass(): Promise<void> {
    await waitFor(this.#connector.pass(), { signal: this.#broken.signal });
    this.#broken.signal.throwIfAborted();
  }

  forget(watch: WatchModel): void {
    this.#watches.delete(watch);
  }

  /** Sends a request, lets the server act, and waits for the answer. */
  async #call<T>({ timeoutMs = CALL_TIMEOUT_MS, signal }: CallOptions, act: () => T): Promise<T> {
    this.#broken.signal.throwIfAborted();
    const exchange = async () => {
      await this.pass();
      const result = attempt(act);
      await this.pass();
      if ("error" in result) throw result.error;
      return result.value;
    };
    const createTimeoutError = () => new EtcdError("timeout", `No answer within ${timeoutMs} ms`);
    return await waitFor(exchange(), {
      timeoutMs,
      signal,
      clock: this.#etcd.clock,
      createTimeoutError,
    });
  }

  #createKeepAlive(): KeepAliveStream {
    const stop = new AbortController();
    return {
      renew: async (id, timeoutMs) => {
        if (stop.signal.aborted) throw new EtcdError("closed", "The stream is closed");
        try {
          const ttlSeconds = await this.#call(
            { timeoutMs, signal: stop.signal },
            () => this.#etcd.store.renew(id),
          );
          return { id, ttlSeconds };
        } catch (error) {
          stop.abort(new EtcdError("closed", "The stream is closed"));
          throw error;
        }
      },
      cancel: () => stop.abort(new EtcdError("closed", "The stream is closed")),
    };
  }
}

/** Runs an action of the server; its error travels back like a result. */
function attempt<T>(act: () => T): { value: T } | { error: unknown } {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}

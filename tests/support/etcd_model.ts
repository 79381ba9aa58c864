import {
  EtcdError,
  type EtcdErrorCode,
  type ReplyHeader,
  type WatchEvent,
} from "../../src/etcd/mod.ts";
import type { Clock } from "../../src/util/mod.ts";
import { ModelConnector } from "./etcd_link_model.ts";
import type { CallKind, Connection, ServerModel } from "./etcd_model_parts.ts";
import { EtcdStoreModel, type StoreSnapshot } from "./etcd_store_model.ts";

/** Settings of an {@link EtcdModel}. */
export interface EtcdModelOptions {
  /** Clock of the server and of its network. */
  readonly clock: Clock;
  /** Returns the time that the next message takes. @default none */
  readonly latencyMs?: () => number;
}

/**
 * A model of one etcd server behind the interfaces of the client: keys, leases, watches,
 * compaction, restarts, lost data and broken connections. Everything happens by its clock.
 */
export class EtcdModel implements ServerModel {
  readonly store: EtcdStoreModel;
  readonly clock: Clock;
  readonly latencyMs: () => number;
  readonly #links = new Set<Connection>();
  #isUp = true;
  /** Kinds of calls that the server refuses, with the code. */
  readonly #refusals = new Map<CallKind, EtcdErrorCode>();

  constructor({ clock, latencyMs = () => 0 }: EtcdModelOptions) {
    this.clock = clock;
    this.latencyMs = latencyMs;
    this.store = new EtcdStoreModel(clock, (events) => this.#publish(events));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get leases(): EtcdStoreModel["leases"] {
    return this.store.leases;
  }

  get header(): ReplyHeader {
    return this.store.header;
  }

  /** Creates a client of the server, with a network path of its own that can be broken. */
  createConnector(): ModelConnector {
    return new ModelConnector(this);
  }

  /** Refuses calls of a kind from now on; `undefined` accepts them again. */
  refuse(kind: CallKind, code: EtcdErrorCode | undefined): void {
    if (code === undefined) this.#refusals.delete(kind);
    else this.#refusals.set(kind, code);
  }

  check(kind: CallKind): void {
    const code = this.#refusals.get(kind);
    if (code !== undefined) throw new EtcdError(code, `etcd refuses to ${kind}: ${code}`);
  }

  /** Ends the server; every connection breaks. */
  kill(): void {
    this.#isUp = false;
    this.store.pause();
    for (const link of [...this.#links]) link.break();
  }

  /** Starts the server again, with its data or with those of a snapshot. */
  start(snapshot?: StoreSnapshot): void {
    if (snapshot !== undefined) this.store.restore(snapshot);
    this.#isUp = true;
    this.store.resume();
  }

  attach(link: Connection): void {
    if (!this.#isUp) throw new EtcdError("unavailable", "connection refused");
    this.#links.add(link);
  }

  detach(link: Connection): void {
    this.#links.delete(link);
  }

  #publish(events: readonly WatchEvent[]): void {
    for (const link of this.#links) link.publish(events);
  }
}

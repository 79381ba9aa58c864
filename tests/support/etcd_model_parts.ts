import type { ReplyHeader, WatchEvent } from "../../src/etcd/mod.ts";
import type { Clock } from "../../src/util/mod.ts";
import type { EtcdStoreModel } from "./etcd_store_model.ts";

/** Kinds of calls that can be refused. */
export type CallKind = "connect" | "read" | "write";

/** Server of a model, as its connections use it. */
export interface ServerModel {
  readonly store: EtcdStoreModel;
  readonly clock: Clock;
  readonly header: ReplyHeader;
  latencyMs(): number;
  /** Throws if calls of a kind are refused. */
  check(kind: CallKind): void;
  /** Adds a connection; throws if the server is down. */
  attach(connection: Connection): void;
  detach(connection: Connection): void;
}

/** Connection, as the server uses it. */
export interface Connection {
  /** Hands the events of one revision to the watches. */
  publish(events: readonly WatchEvent[]): void;
  /** Ends the connection with an error for everything under way. */
  break(): void;
}

/** Connection, as a watch uses it. */
export interface MessagePath {
  /** Lets a message pass, unless the connection breaks. */
  pass(): Promise<void>;
  /** Forgets a watch that ended. */
  forget(watch: object): void;
}

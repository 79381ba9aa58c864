import type { Health, HealthCounters } from "../../mod.ts";

/** Counts of an etcd3 discovery since its start. */
export interface Etcd3HealthCounters extends HealthCounters {
  /** Connections after the first. */
  readonly reconnects: number;
  /** Leases that were lost and replaced. */
  readonly leaseLosses: number;
  /** Keys that were put again: under a new lease, or because another process changed them. */
  readonly readvertisedKeys: number;
  /** Listings after the first. */
  readonly resyncs: number;
}

/** Unreadable keys and properties that are in etcd now. */
export interface IgnoredItems {
  /** Number of keys without a readable endpoint. */
  readonly keys: number;
  /** Number of unreadable properties in readable endpoints. */
  readonly properties: number;
  /** One of the keys. */
  readonly exampleKey: string | undefined;
  /** One of the properties, with its key. */
  readonly exampleProperty: string | undefined;
}

/** Health of an etcd3 discovery at one moment. */
export interface Etcd3Health extends Health {
  /** Counts since the start. */
  readonly counters: Etcd3HealthCounters;
  /** Connected member, as `host:port`. */
  readonly endpoint: string | undefined;
  /** Lease of our keys. In JSON it is written as `etcdctl` prints it. */
  readonly leaseId: bigint | undefined;
  /** Lease of our keys as `etcdctl` prints it. */
  readonly leaseIdHex: string | undefined;
  /** Our keys that another process keeps changing, so that we stopped repairing them. */
  readonly conflicts: readonly string[];
  /** Keys and properties of other processes that are ignored because they are unreadable. */
  readonly ignored: IgnoredItems;
}

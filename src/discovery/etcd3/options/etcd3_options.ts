import type { EtcdOptions } from "../../../etcd/mod.ts";
import type { Logger } from "../../../util/mod.ts";

/** Settings of the etcd3 discovery; in parentheses iPOPO's name. Times are in milliseconds. */
export interface Etcd3DiscoveryOptions extends EtcdOptions {
  /**
   * Root of all keys, without a slash (`etcd.top_key`).
   * @default "org.eclipse.ecf.provider.etcd3.container.Etcd3DiscoveryContainer"
   */
  readonly topKey?: string;
  /** Id of this process among the others, a UUID (`etcd.session_id`). @default a random one */
  readonly sessionId?: string;
  /**
   * Seconds after which the endpoints of a process that died are removed
   * (`etcd.lease_ttl`); at least 2. etcd raises very small values.
   * @default 30
   */
  readonly leaseTtlSeconds?: number;
  /**
   * Host that goes into the `location` of endpoints (`etcd.hostip`).
   * @default the address of this process on the connection to etcd
   */
  readonly hostIp?: string;
  /**
   * Called once, when etcd is connected for the first time (`etcd.connected_callback`). An
   * error is logged.
   */
  readonly onConnected?: () => void | Promise<void>;
  /**
   * Whether the start succeeds while etcd is out of reach; the connection follows as soon
   * as etcd is there. Otherwise the start fails within `callTimeoutMs`.
   * @default false
   */
  readonly startOffline?: boolean;
  /**
   * Whether this process only watches: it grants no lease and writes no key, so that the right
   * to read the keys suffices and no other process is woken. It then can't advertise.
   * @default false
   */
  readonly observe?: boolean;
  /**
   * Time for which an endpoint that etcd lost in an outage stays known, so that its exporter
   * can come back: after an outage of at least the lease's TTL, and when etcd returns with
   * its data lost or rolled back. With 0 each loss is reported at once. An endpoint that is
   * withdrawn or dies at other times is removed at once.
   * @default leaseTtlSeconds * 1000
   */
  readonly removalGraceMs?: number;
  /** Time between two full listings that check the view, 0 for none. @default 600000 */
  readonly resyncIntervalMs?: number;
  /** Silence of a watch after which etcd is asked whether it is alive. @default 30000 */
  readonly progressIntervalMs?: number;
  /** Time in which etcd must answer that. @default 10000 */
  readonly progressTimeoutMs?: number;
  /** Receives faults, repairs and unreadable keys. @default silent */
  readonly logger?: Logger;
}

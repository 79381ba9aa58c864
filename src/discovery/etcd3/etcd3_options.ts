import type { EtcdOptions } from "../../etcd/mod.ts";
import type { Logger } from "../../util/mod.ts";

/** Settings of the etcd3 discovery; beside each one is iPOPO's name for it. */
export interface Etcd3DiscoveryOptions extends EtcdOptions {
  /**
   * Root of all keys, without a slash (`etcd.top_key`).
   * @default "org.eclipse.ecf.provider.etcd3.container.Etcd3DiscoveryContainer"
   */
  readonly topKey?: string;
  /** Id of this process among the others, a UUID (`etcd.session_id`). @default a random one */
  readonly sessionId?: string;
  /**
   * Seconds after which others stop seeing a process that died (`etcd.lease_ttl`); at
   * least 2. etcd raises very small values.
   * @default 30
   */
  readonly leaseTtlSeconds?: number;
  /** Host that goes into the `location` of endpoints (`etcd.hostip`). @default "127.0.0.1" */
  readonly hostIp?: string;
  /**
   * Called once, when etcd is connected for the first time (`etcd.connected_callback`). An
   * error is logged.
   */
  readonly onConnected?: () => void | Promise<void>;
  /**
   * Whether starting succeeds while etcd is out of reach; it is then connected as soon
   * as it is there. Otherwise starting fails within `callTimeoutMs`.
   * @default false
   */
  readonly startOffline?: boolean;
  /**
   * How long an endpoint that etcd lost in an outage is still shown, so that its
   * exporter has time to come back: after an outage of at least the lease's TTL, and
   * when etcd returns with its data lost or rolled back. 0 shows each loss at once. An
   * endpoint that is withdrawn or dies at other times is never kept.
   * @default leaseTtlSeconds * 1000
   */
  readonly removalGraceMs?: number;
  /** Time between two full listings that check the view, 0 for none. @default 600000 */
  readonly resyncIntervalMs?: number;
  /** Silence of a watch after which etcd is asked for a sign of life. @default 30000 */
  readonly progressIntervalMs?: number;
  /** How long etcd may take for that. @default 10000 */
  readonly progressTimeoutMs?: number;
  /** Receives faults, repairs and unreadable keys. @default silent */
  readonly logger?: Logger;
}

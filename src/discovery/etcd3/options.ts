import type { EtcdOptions } from "../../etcd/mod.ts";
import { type Logger, SILENT } from "../../util/mod.ts";
import { checkSessionId, DEFAULT_TOP_KEY, KeySpace } from "./key_space.ts";

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
  /** Called once, when etcd is connected for the first time (`etcd.connected_callback`). */
  readonly onConnected?: () => void;
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
  /** Hears of faults, repairs and keys that can't be read. @default silent */
  readonly logger?: Logger;
}

/** {@link Etcd3DiscoveryOptions} after validation, with every default filled in. */
export interface ResolvedDiscoveryOptions {
  readonly keys: KeySpace;
  readonly sessionId: string;
  readonly leaseTtlSeconds: number;
  readonly hostIp: string;
  readonly onConnected: () => void;
  readonly startOffline: boolean;
  readonly removalGraceMs: number;
  readonly resyncIntervalMs: number;
  readonly progressIntervalMs: number;
  readonly progressTimeoutMs: number;
  readonly logger: Logger;
}

/** The longest time that a timer can wait, and a lease that fits into it. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_TTL_SECONDS = 2_000_000;
/** Below this a short network fault costs the lease. */
const SAFE_TTL_SECONDS = 5;

/**
 * Validates options and fills in the defaults.
 *
 * @throws {TypeError | RangeError} saying what can't be used and what can.
 */
export function resolveDiscoveryOptions(options: Etcd3DiscoveryOptions): ResolvedDiscoveryOptions {
  const { leaseTtlSeconds = 30, logger = SILENT } = options;
  if (
    !Number.isInteger(leaseTtlSeconds) || leaseTtlSeconds < 2 || leaseTtlSeconds > MAX_TTL_SECONDS
  ) {
    throw new RangeError(
      `Cannot use leaseTtlSeconds ${leaseTtlSeconds}: give whole seconds from 2 to ${MAX_TTL_SECONDS}`,
    );
  }
  if (leaseTtlSeconds < SAFE_TTL_SECONDS) {
    logger.warn(
      `A lease of ${leaseTtlSeconds} s is easily lost: give ${SAFE_TTL_SECONDS} s or more`,
    );
  }
  return {
    keys: new KeySpace(options.topKey ?? DEFAULT_TOP_KEY),
    sessionId: checkSessionId(options.sessionId ?? crypto.randomUUID()),
    leaseTtlSeconds,
    hostIp: options.hostIp ?? "127.0.0.1",
    onConnected: options.onConnected ?? (() => {}),
    startOffline: options.startOffline ?? false,
    removalGraceMs: milliseconds(
      "removalGraceMs",
      0,
      options.removalGraceMs ?? leaseTtlSeconds * 1000,
    ),
    resyncIntervalMs: milliseconds("resyncIntervalMs", 0, options.resyncIntervalMs ?? 600_000),
    progressIntervalMs: milliseconds(
      "progressIntervalMs",
      100,
      options.progressIntervalMs ?? 30_000,
    ),
    progressTimeoutMs: milliseconds("progressTimeoutMs", 1, options.progressTimeoutMs ?? 10_000),
    logger,
  };
}

function milliseconds(name: string, least: number, value: number): number {
  if (value >= least && value <= MAX_TIMER_MS) return value;
  throw new RangeError(
    `Cannot use ${name} ${value}: give ${least} to ${MAX_TIMER_MS} milliseconds`,
  );
}

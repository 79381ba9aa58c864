import {
  checkOptionNames,
  createSafeLogger,
  type Logger,
  MAX_TIMER_MS,
  SILENT,
  SYSTEM_CLOCK,
} from "../../../util/mod.ts";
import { checkSessionId, DEFAULT_TOP_KEY, KeySpace } from "../registry/mod.ts";
import type { Etcd3DiscoveryOptions } from "./etcd3_options.ts";
import { ETCD3_OPTION_HINTS, ETCD3_OPTION_NAMES } from "./etcd3_option_names.ts";

/** {@link Etcd3DiscoveryOptions} after validation, with every default filled in. */
export interface ResolvedDiscoveryOptions {
  readonly keys: KeySpace;
  readonly sessionId: string;
  readonly leaseTtlSeconds: number;
  /** `undefined` for the local address of the connection. */
  readonly hostIp: string | undefined;
  readonly onConnected: () => void | Promise<void>;
  readonly startOffline: boolean;
  readonly observe: boolean;
  readonly removalGraceMs: number;
  readonly resyncIntervalMs: number;
  readonly progressIntervalMs: number;
  readonly progressTimeoutMs: number;
  readonly logger: Logger;
}

/** Longest lease whose milliseconds a timer can wait for. */
const MAX_TTL_SECONDS = 2_000_000;
/** Time to live below which a short network fault costs the lease. */
export const SAFE_TTL_SECONDS = 5;

/**
 * Checks options and fills in the defaults.
 *
 * @param createUuid makes the session id if none is given
 * @throws {TypeError | RangeError} naming the option, and what may be given
 */
export function resolveDiscoveryOptions(
  options: Etcd3DiscoveryOptions,
  createUuid: () => string = SYSTEM_CLOCK.uuid,
): ResolvedDiscoveryOptions {
  checkOptionNames(options, {
    path: "etcd",
    known: ETCD3_OPTION_NAMES,
    hints: ETCD3_OPTION_HINTS,
  });
  const { leaseTtlSeconds = 30, logger = SILENT } = options;
  checkTtl(leaseTtlSeconds);
  const time = (name: TimeOption, least: number, byDefault: number) =>
    checkMilliseconds(name, least, options[name] ?? byDefault);
  return {
    keys: new KeySpace(options.topKey ?? DEFAULT_TOP_KEY),
    sessionId: checkSessionId(options.sessionId ?? createUuid()),
    leaseTtlSeconds,
    hostIp: options.hostIp,
    onConnected: options.onConnected ?? (() => {}),
    startOffline: options.startOffline ?? false,
    observe: options.observe ?? false,
    removalGraceMs: time("removalGraceMs", 0, leaseTtlSeconds * 1000),
    resyncIntervalMs: time("resyncIntervalMs", 0, 600_000),
    progressIntervalMs: time("progressIntervalMs", 100, 30_000),
    progressTimeoutMs: time("progressTimeoutMs", 1, 10_000),
    logger: createSafeLogger(logger),
  };
}

type TimeOption =
  | "removalGraceMs"
  | "resyncIntervalMs"
  | "progressIntervalMs"
  | "progressTimeoutMs";

function checkTtl(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 2 && seconds <= MAX_TTL_SECONDS) return;
  throw new RangeError(
    `Cannot use etcd.leaseTtlSeconds ${seconds}: give whole seconds from 2 to ${MAX_TTL_SECONDS}`,
  );
}

function checkMilliseconds(name: string, least: number, value: number): number {
  if (value >= least && value <= MAX_TIMER_MS) return value;
  throw new RangeError(
    `Cannot use etcd.${name} ${value}: give ${least} to ${MAX_TIMER_MS} milliseconds`,
  );
}

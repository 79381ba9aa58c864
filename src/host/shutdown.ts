import type { CallRouter } from "../calls/mod.ts";
import type { DiscoveryProvider } from "../discovery/mod.ts";
import type { DistributionProvider } from "../distribution/mod.ts";
import type { Framework } from "../framework/mod.ts";
import { type RemoteServiceAdmin, RemoteServiceError, type TopologyManager } from "../rsa/mod.ts";
import type { CallTelemetry } from "../telemetry/mod.ts";
import {
  checkOptionNames,
  checkTimeout,
  type Clock,
  onAbort,
  pause,
  type Subscription,
  SYSTEM_CLOCK,
  waitFor,
} from "../util/mod.ts";
import { followLocalAddress } from "./local_address.ts";
import type { RemoteServicesOptions } from "./options.ts";

/** Longest wait for the directories to confirm that the endpoints are withdrawn. */
const WITHDRAW_TIMEOUT_MS = 3000;

/** Settings of {@link RemoteServices.close}. */
export interface CloseOptions {
  /**
   * Longest time in milliseconds that running calls may take; 0 ends them at once and skips
   * the wait for other processes.
   * @default the host's `drainTimeoutMs`
   */
  readonly drainTimeoutMs?: number;
}

/** Result of {@link RemoteServices.close}. */
export interface CloseReport {
  /** Number of running calls that were cut off. */
  readonly cutCalls: number;
}

/** Parts of a host that a {@link Shutdown} closes. */
export interface ClosedParts {
  readonly framework: Framework;
  readonly admin: RemoteServiceAdmin;
  readonly topologyManager: TopologyManager;
  readonly router: CallRouter;
  readonly telemetry: CallTelemetry;
  readonly discoveries: readonly DiscoveryProvider[];
  readonly distributions: readonly DistributionProvider[];
}

/** Parts of a host, and how long they may take to close. */
export interface ShutdownParts extends ClosedParts {
  /** Subscriptions of the topology manager to the discoveries. */
  readonly subscriptions: readonly Subscription[];
  readonly clock: Clock;
  readonly drainMs: number;
  readonly drainTimeoutMs: number;
}

/**
 * Subscribes the topology manager of a host to its discoveries, and returns the shutdown that ends
 * the subscriptions and closes the parts.
 */
export function createShutdown(
  parts: ClosedParts,
  { clock = SYSTEM_CLOCK, drainMs = 500, drainTimeoutMs = 10_000 }: RemoteServicesOptions,
): Shutdown {
  const { discoveries, topologyManager } = parts;
  const subscriptions = [
    ...discoveries.map((one) => one.addListener(topologyManager)),
    followLocalAddress(parts, () => topologyManager.renewExports()),
  ];
  return new Shutdown({ ...parts, subscriptions, clock, drainMs, drainTimeoutMs });
}

/** Closes the parts of a host in order. */
export class Shutdown {
  readonly #parts: ShutdownParts;
  readonly #abort = new AbortController();
  /** Aborted when a close may take no more time. */
  readonly #hurry = new AbortController();
  readonly #closed = Promise.withResolvers<void>();
  #draining: Promise<void> | undefined;
  #closing: Promise<CloseReport> | undefined;

  /** Creates a shutdown that has not begun. */
  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /** Aborted when the host begins to close. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves once the host is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Withdraws every endpoint and waits until other processes know; goes on serving. */
  async drain(): Promise<void> {
    for (const distribution of this.#parts.distributions) distribution.startDraining();
    // A service that is exported later must still be withdrawn by the close.
    if (this.#draining === undefined && this.#parts.admin.exports.length === 0) return;
    await (this.#draining ??= this.#withdraw());
  }

  /** Closes in order; a later call without time shortens it. */
  async close(options: CloseOptions = {}): Promise<CloseReport> {
    checkOptionNames(options, { path: "", known: ["drainTimeoutMs"] });
    const { drainTimeoutMs = this.#parts.drainTimeoutMs } = options;
    if (drainTimeoutMs !== 0) checkTimeout(drainTimeoutMs, "drainTimeoutMs");
    if (drainTimeoutMs === 0) this.#hurry.abort();
    return await (this.#closing ??= this.#run(drainTimeoutMs));
  }

  /** @throws {RemoteServiceError} `closed` if the host is closing or closed */
  checkOpen(): void {
    if (this.#closing !== undefined) throw createClosedError();
  }

  async #withdraw(): Promise<void> {
    const { discoveries, clock, drainMs } = this.#parts;
    const withdrawn = Promise.all(discoveries.map((discovery) => discovery.unadvertiseAll()));
    const { signal } = this.#hurry;
    // A directory that can't be reached forgets the endpoints with their lease.
    await waitFor(withdrawn, { signal, clock, timeoutMs: WITHDRAW_TIMEOUT_MS }).catch(() => {});
    await pause(drainMs, signal, clock);
  }

  async #run(drainTimeoutMs: number): Promise<CloseReport> {
    const { framework, admin, topologyManager, router, telemetry, discoveries } = this.#parts;
    this.#abort.abort(createClosedError());
    if (drainTimeoutMs > 0) await this.drain();
    const served = await this.#closeDistributions(drainTimeoutMs);
    // Running calls could use other services until now.
    topologyManager.close();
    for (const subscription of this.#parts.subscriptions) subscription.close();
    router.close(createClosedError());
    await admin.close();
    const left = await Promise.allSettled(discoveries.map((discovery) => discovery.close()));
    await framework.stop().catch(() => {}); // the framework logs each failure
    telemetry.close();
    this.#closed.resolve();
    for (const outcome of [...served, ...left]) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
    const cut = served.map((outcome) => outcome.status === "fulfilled" ? outcome.value : 0);
    return { cutCalls: cut.reduce((sum, count) => sum + count, 0) };
  }

  async #closeDistributions(drainTimeoutMs: number): Promise<PromiseSettledResult<number>[]> {
    const { distributions } = this.#parts;
    using _subscription = onAbort(this.#hurry.signal, () => {
      for (const one of distributions) one.close({ drainTimeoutMs: 0 }).catch(() => {});
    });
    return await Promise.allSettled(distributions.map((one) => one.close({ drainTimeoutMs })));
  }
}

function createClosedError(): RemoteServiceError {
  return new RemoteServiceError("closed", "The host for remote services is closed");
}

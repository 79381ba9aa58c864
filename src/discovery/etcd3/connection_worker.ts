import type { EtcdConnector, EtcdLink, KeepAliveStream } from "../../etcd/mod.ts";
import { callUser, type Clock, onAbort, pause } from "../../util/mod.ts";
import type { HealthMonitor } from "./health/mod.ts";
import type { Mirror } from "./mirror/mod.ts";
import { type ResolvedDiscoveryOptions, SAFE_TTL_SECONDS } from "./options/mod.ts";
import type { Session } from "./session/mod.ts";

/** Parts that a {@link ConnectionWorker} needs. */
export interface ConnectionWorkerOptions {
  /** Settings of the discovery. */
  readonly options: ResolvedDiscoveryOptions;
  /** Source of the connections. */
  readonly connector: EtcdConnector;
  /** Advertises our endpoints. */
  readonly session: Session;
  /** Mirrors the endpoints of others. */
  readonly mirror: Mirror;
  /** Receives the state of the connection. */
  readonly health: HealthMonitor;
  /** Source of time and randomness. */
  readonly clock: Clock;
}

/** Most that the return of a client after a lost lease is delayed, per second of the lease. */
const SPREAD_MS_PER_SECOND = 50;
const MAX_SPREAD_MS = 1000;

/** Works over one connection at a time: renews the lease, writes our keys and mirrors others. */
export class ConnectionWorker {
  readonly #parts: ConnectionWorkerOptions;
  #hasConnected = false;

  /** Creates a worker without a connection. */
  constructor(parts: ConnectionWorkerOptions) {
    this.#parts = parts;
  }

  /** Works over a connection until the signal is aborted; throws what the connection failed with. */
  async serve(link: EtcdLink, signal: AbortSignal): Promise<void> {
    const { session, mirror, health, options } = this.#parts;
    this.#onConnect(link);
    const era = new AbortController();
    using _subscription = onAbort(signal, () => era.abort());
    let loops: Promise<void>[] = [];
    try {
      // The streams come first and stay open: without an open stream, a GOAWAY of the
      // server can end the whole Deno process (denoland/deno#36788).
      const keepAlive = options.observe ? undefined : await link.lease.keepAlive();
      const watch = await link.watch.open();
      if (keepAlive !== undefined) {
        await this.#resume(keepAlive, era.signal);
        loops = session.run(link, keepAlive, era.signal);
      }
      loops.push(mirror.run(link, watch, era.signal));
      await Promise.race(loops);
    } finally {
      era.abort();
      session.disconnect();
      health.disconnect();
      // Ends the calls of the loops; while closing, the lease is yet to be revoked.
      if (!signal.aborted) await this.#parts.connector.drop(link);
      await Promise.allSettled(loops);
    }
  }

  /** Looks after the lease. If it was lost, not all clients come back at the same moment. */
  async #resume(keepAlive: KeepAliveStream, signal: AbortSignal): Promise<void> {
    const { session, mirror, options, clock } = this.#parts;
    if (!await session.resume(keepAlive)) return;
    mirror.invalidate();
    const spreadMs = Math.min(MAX_SPREAD_MS, options.leaseTtlSeconds * SPREAD_MS_PER_SECOND);
    await pause(clock.random() * spreadMs, signal, clock);
  }

  #onConnect(link: EtcdLink): void {
    const { health, options } = this.#parts;
    const { logger, onConnected, sessionId, leaseTtlSeconds: ttl, observe } = options;
    health.set({ connection: { kind: "connected", endpoint: link.endpoint } });
    if (this.#hasConnected) {
      health.count("reconnects");
      return;
    }
    this.#hasConnected = true;
    if (ttl < SAFE_TTL_SECONDS && !observe) {
      const message = `A lease of ${ttl} s is easily lost: give ${SAFE_TTL_SECONDS} s or more`;
      logger.warn(message, { leaseTtlSeconds: ttl });
    }
    const role = observe ? "as an observer" : `session ${sessionId}`;
    const message = `Connected to etcd at ${link.endpoint}, ${role}`;
    logger.info(message, { etcd: link.endpoint, ...(observe ? {} : { sessionId }) });
    callUser("etcd.onConnected", logger, () => onConnected());
  }
}

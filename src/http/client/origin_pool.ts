import type { Clock } from "../../util/mod.ts";
import { type ClientConnection, type ConnectionOwner, MAX_IDLE_MS } from "./client_connection.ts";
import { startQuietTimer } from "./socket_dialer.ts";
import { WholeReplyReader } from "./reply/mod.ts";

/** Most idle connections to one origin. */
const MAX_IDLE = 256;
/** Time that an idle connection must survive before its origin's are used again. */
const PROBATION_MS = 20;
/** Time for which an origin that broke its word gets a connection for each request. */
const DISTRUST_MS = 10_000;

/**
 * Whether an origin keeps its connections open as it says. Some servers close them after a
 * reply without a word; a request that is sent then is lost, and it is unknown whether it ran.
 */
type Trust =
  | { readonly kind: "unproven" }
  | { readonly kind: "proven" }
  | { readonly kind: "distrusted"; readonly until: number };

/** Idle connections to one origin. */
export class OriginPool implements ConnectionOwner {
  /** Reads the usual replies of the origin. */
  readonly wholeReplies: WholeReplyReader = new WholeReplyReader();
  readonly #clock: Clock;
  /** In the order in which they became idle. */
  readonly #idle: ClientConnection[] = [];
  #trust: Trust = { kind: "unproven" };
  /** Stops the timer, which runs while a connection is idle, or was when it started. */
  #stopSweep: (() => void) | undefined;
  #isClosed = false;

  /** Creates an empty pool. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns whether each request needs a connection of its own for now. */
  isDistrusted(nowMs: number): boolean {
    if (this.#trust.kind !== "distrusted") return false;
    if (this.#trust.until > nowMs) return true;
    this.#trust = { kind: "unproven" };
    return false;
  }

  /** Takes an idle connection that may carry a request, if there is one. */
  take(nowMs: number): ClientConnection | undefined {
    if (this.isDistrusted(nowMs)) return undefined;
    if (this.#trust.kind === "unproven") return this.#takeSurvivor(nowMs);
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (isUsable(connection, nowMs)) return connection;
      connection.close();
    }
    return undefined;
  }

  /** Keeps a connection that carries no request any more. */
  onIdle(connection: ClientConnection): void {
    const isKept = !this.#isClosed && this.#trust.kind !== "distrusted" &&
      this.#idle.length < MAX_IDLE;
    if (!isKept) return connection.close();
    this.#idle.push(connection);
    if (this.#stopSweep === undefined) this.#startSweep(MAX_IDLE_MS);
  }

  /** Stops the timer with the last idle connection. */
  onClosed(): void {
    if (this.#idle.length > 0) return;
    this.#stopSweep?.();
    this.#stopSweep = undefined;
  }

  /** Forgets a connection that ended after so many milliseconds without a request. */
  onIdleEnd(connection: ClientConnection, idleMs: number): void {
    const index = this.#idle.lastIndexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.onClosed();
    if (this.#trust.kind === "unproven" && idleMs < PROBATION_MS) this.distrust();
  }

  /** Uses no connection of this origin twice for a while. */
  distrust(): void {
    this.#trust = { kind: "distrusted", until: this.#clock.now() + DISTRUST_MS };
    this.closeIdle();
  }

  /** Keeps no connection any more. */
  close(): void {
    this.#isClosed = true;
    this.closeIdle();
  }

  /** Closes the idle connections. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  /** Takes the oldest connection if it outlived the probation, which proves the origin. */
  #takeSurvivor(nowMs: number): ClientConnection | undefined {
    const [oldest] = this.#idle;
    if (nowMs - (oldest?.idleSinceMs ?? nowMs) < PROBATION_MS) return undefined;
    this.#idle.shift();
    if (oldest === undefined || !isUsable(oldest, nowMs)) {
      oldest?.close();
      return undefined;
    }
    this.#trust = { kind: "proven" };
    return oldest;
  }

  #startSweep(delayMs: number): void {
    this.#stopSweep = startQuietTimer(delayMs, () => this.#closeOld());
  }

  /** Closes the connections that were idle for too long. */
  #closeOld(): void {
    this.#stopSweep?.();
    this.#stopSweep = undefined;
    const nowMs = this.#clock.now();
    for (let [oldest] = this.#idle; oldest !== undefined; [oldest] = this.#idle) {
      const leftMs = (oldest.idleSinceMs ?? nowMs) + MAX_IDLE_MS - nowMs;
      if (leftMs > 0) return this.#startSweep(Math.ceil(leftMs));
      this.#idle.shift();
      oldest.close();
    }
  }
}

/** Returns whether a connection is open, and the server not about to close it. */
function isUsable({ idleSinceMs, keepAliveSeconds }: ClientConnection, nowMs: number): boolean {
  return idleSinceMs !== undefined &&
    nowMs - idleSinceMs < Math.min(MAX_IDLE_MS, keepAliveSeconds * 1000 - 1000);
}

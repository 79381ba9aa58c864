import type { Clock } from "../../util/mod.ts";
import { type ClientConnection, type ConnectionOwner, MAX_IDLE_MS } from "./client_connection.ts";

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
  readonly #clock: Clock;
  /** In the order in which they became idle. */
  readonly #idle: ClientConnection[] = [];
  #trust: Trust = { kind: "unproven" };
  #isClosed = false;

  /** Creates an empty pool. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether each request needs a connection of its own for now. */
  get isDistrusted(): boolean {
    if (this.#trust.kind !== "distrusted") return false;
    if (this.#trust.until > this.#clock.now()) return true;
    this.#trust = { kind: "unproven" };
    return false;
  }

  /** Takes an idle connection that may carry a request, if there is one. */
  take(): ClientConnection | undefined {
    if (this.isDistrusted) return undefined;
    if (this.#trust.kind === "unproven") return this.#takeSurvivor();
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (isUsable(connection)) return connection;
      connection.close();
    }
    return undefined;
  }

  /** Keeps a connection that carries no request any more. */
  onIdle(connection: ClientConnection): void {
    if (this.#isClosed || this.isDistrusted || this.#idle.length >= MAX_IDLE) connection.close();
    else this.#idle.push(connection);
  }

  /** Forgets a connection that ended after so many milliseconds without a request. */
  onIdleEnd(connection: ClientConnection, idleMs: number): void {
    const index = this.#idle.lastIndexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
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
  #takeSurvivor(): ClientConnection | undefined {
    const [oldest] = this.#idle;
    if (oldest === undefined || (oldest.idleMs ?? 0) < PROBATION_MS) return undefined;
    this.#idle.shift();
    if (!isUsable(oldest)) {
      oldest.close();
      return undefined;
    }
    this.#trust = { kind: "proven" };
    return oldest;
  }
}

/** Returns whether a connection is open, and the server not about to close it. */
function isUsable(connection: ClientConnection): boolean {
  const { idleMs, keepAliveSeconds } = connection;
  return idleMs !== undefined && idleMs < Math.min(MAX_IDLE_MS, keepAliveSeconds * 1000 - 1000);
}

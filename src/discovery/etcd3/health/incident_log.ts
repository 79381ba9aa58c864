import { type Clock, type Logger, toPrintable } from "../../../util/mod.ts";

/** Shortest time between two log lines for one kind of incident. */
const LOG_EVERY_MS = 60_000;

/** Logs incidents that repeat: one line at first, then one a minute with a count. */
export class IncidentLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #incidents = new Map<string, { loggedAtMs: number; unlogged: number }>();

  /** Creates a log without incidents. */
  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Records an incident of a kind; `code` is that of its error, if it has one. */
  record(what: string, reason: string, code?: string): void {
    const nowMs = this.#clock.now();
    const incident = this.#incidents.get(what) ?? { loggedAtMs: -Infinity, unlogged: 0 };
    this.#incidents.set(what, incident);
    incident.unlogged++;
    if (nowMs - incident.loggedAtMs < LOG_EVERY_MS) return;
    const times = incident.unlogged > 1 ? ` (${incident.unlogged} times)` : "";
    this.#logger.warn(`${toPrintable(`${what}: ${reason}`, 500)}${times}`, {
      incident: what,
      reason,
      ...(code === undefined ? {} : { code }),
      count: incident.unlogged,
    });
    incident.loggedAtMs = nowMs;
    incident.unlogged = 0;
  }

  /**
   * Forgets all incidents, after they are over.
   *
   * @returns a summary of what was not logged, empty if all was, `undefined` without incidents
   */
  end(): string | undefined {
    if (this.#incidents.size === 0) return undefined;
    const parts = [...this.#incidents]
      .filter(([, { unlogged }]) => unlogged > 0)
      .map(([what, { unlogged }]) => `, after ${unlogged} more times "${what}"`);
    this.#incidents.clear();
    return parts.join("");
  }
}

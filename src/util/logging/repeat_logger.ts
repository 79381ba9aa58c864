import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { LineBudget } from "./line_budget.ts";
import type { Logger } from "./logger.ts";
import { createSafeLogger } from "./user_callback.ts";

/** Time for which the repetitions of a record are counted and not logged. */
const WINDOW_MS = 60_000;
/** Most different records that are logged in a minute, and counted at a time. */
const MAX_RECORDS = 100;

/** A record that was logged, and its repetitions since. */
interface Repetition {
  readonly sinceMs: number;
  count: number;
}

/**
 * Returns a logger that logs a message once a minute at most, then with the number of
 * repetitions that were left out, and 100 different messages a minute. For messages that another
 * process can cause at will; they are bounded as by {@link createSafeLogger}.
 *
 * @example
 * ```ts
 * const quiet = createRepeatLogger(console);
 * quiet.warn("no such method: a");
 * quiet.warn("no such method: a"); // not logged
 * ```
 */
export function createRepeatLogger(logger: Logger, clock: Clock = SYSTEM_CLOCK): Logger {
  const records = new Map<string, Repetition>();
  const safe = createSafeLogger(logger);
  const budget = new LineBudget(clock, MAX_RECORDS);
  const record = (level: keyof Logger): Logger[keyof Logger] => (message, fields) => {
    const key = `${level} ${message}`;
    const known = records.get(key);
    if (known !== undefined && clock.now() - known.sinceMs < WINDOW_MS) return void known.count++;
    const leftOut = budget.take();
    if (leftOut === undefined) return;
    records.delete(key);
    const [oldest] = records.keys();
    if (records.size >= MAX_RECORDS && oldest !== undefined) records.delete(oldest);
    records.set(key, { sinceMs: clock.now(), count: 0 });
    const times = known === undefined || known.count === 0
      ? ""
      : ` (and ${known.count} times before)`;
    const others = leftOut === 0 ? "" : ` (${leftOut} other records were left out)`;
    safe[level](message + times + others, fields);
  };
  return {
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
}

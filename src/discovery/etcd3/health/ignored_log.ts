import { type Clock, LineBudget, type Logger, toPrintable } from "../../../util/mod.ts";
import type { IgnoredItems } from "./etcd3_health.ts";

/** Unreadable parts of a key. Without `keyReason` the key itself is readable. */
interface Problem {
  readonly keyReason: string | undefined;
  readonly properties: readonly string[];
}

/** Log lines for one key. */
interface Lines {
  readonly loggedAtMs: number;
  /** Lines that were not logged since. */
  readonly dropped: number;
}

/** Shortest time between two lines for one key. */
const LOG_EVERY_MS = 60_000;
/** Most lines in a minute, over all keys. */
const MAX_LINES = 20;
/** Longest log line, in characters. */
const MAX_LINE = 400;
/** Longest key and longest name of a property in a line; a key of iPOPO and ECF has 137. */
const MAX_KEY = 180;
const MAX_NAME = 40;
/** Longest reason in a line, and longest example. */
const MAX_VALUE = 200;

/**
 * Counts the keys and properties of other processes that are unreadable, and logs each of
 * these keys once, 20 a minute at most; repeated and further lines are counted.
 */
export class IgnoredLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #problems = new Map<string, Problem>();
  readonly #lines = new Map<string, Lines>();
  readonly #budget: LineBudget;
  #keyCount = 0;
  #propertyCount = 0;
  /** Result of {@link items}, until the next change. */
  #items: IgnoredItems | undefined;

  /** Creates a log without problems. */
  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
    this.#budget = new LineBudget(clock, MAX_LINES);
  }

  /** Present counts, with an example of each kind. */
  get items(): IgnoredItems {
    return this.#items ??= this.#findItems();
  }

  /** Records that a key is unreadable. */
  recordKey(key: string, reason: string): void {
    this.#set(key, { keyReason: reason, properties: [] });
    this.#log(
      key,
      `Ignored the key ${toPrintable(key, MAX_KEY)}: ${toPrintable(reason, MAX_VALUE)}`,
    );
  }

  /** Records that properties in a key are unreadable; none if all are readable. */
  recordProperties(key: string, properties: readonly { name: string; reason: string }[]): void {
    const [first] = properties;
    if (first === undefined) return this.#forgetProblem(key);
    this.#set(key, { keyReason: undefined, properties: properties.map(({ name }) => name) });
    const more = properties.length > 1 ? ` and ${properties.length - 1} more properties` : "";
    this.#log(
      key,
      [
        `Ignored the property ${toPrintable(first.name, MAX_NAME)}${more}`,
        `of ${toPrintable(key, MAX_KEY)}: ${toPrintable(first.reason, MAX_VALUE)}`,
      ].join(" "),
    );
  }

  /** Forgets a key that was deleted. */
  forget(key: string): void {
    this.#forgetProblem(key);
    this.#lines.delete(key);
  }

  #set(key: string, problem: Problem): void {
    this.#forgetProblem(key);
    this.#problems.set(key, problem);
    this.#count(problem, 1);
  }

  #forgetProblem(key: string): void {
    const problem = this.#problems.get(key);
    if (problem === undefined) return;
    this.#problems.delete(key);
    this.#count(problem, -1);
  }

  #count({ keyReason, properties }: Problem, sign: 1 | -1): void {
    this.#items = undefined;
    if (keyReason !== undefined) this.#keyCount += sign;
    this.#propertyCount += sign * properties.length;
  }

  #findItems(): IgnoredItems {
    const problems = [...this.#problems];
    const badKey = problems.find(([, { keyReason }]) => keyReason !== undefined);
    const bad = problems.find(([, { properties }]) => properties.length > 0);
    return {
      keys: this.#keyCount,
      properties: this.#propertyCount,
      exampleKey: badKey && toPrintable(badKey[0], MAX_VALUE),
      exampleProperty: bad && toPrintable(`${bad[1].properties[0]} of ${bad[0]}`, MAX_VALUE),
    };
  }

  #log(key: string, line: string): void {
    const nowMs = this.#clock.now();
    const { loggedAtMs, dropped } = this.#lines.get(key) ?? { loggedAtMs: -Infinity, dropped: 0 };
    const leftOut = nowMs - loggedAtMs < LOG_EVERY_MS ? undefined : this.#budget.take();
    if (leftOut === undefined) {
      this.#lines.set(key, { loggedAtMs, dropped: dropped + 1 });
      return;
    }
    const times = dropped > 0 ? ` (${dropped + 1} times)` : "";
    const others = leftOut > 0 ? ` (${leftOut} other lines were left out)` : "";
    const suffix = times + others;
    const message = toPrintable(line, MAX_LINE - suffix.length) + suffix;
    this.#logger.warn(message, { key, count: dropped + 1 });
    this.#lines.set(key, { loggedAtMs: nowMs, dropped: 0 });
  }
}

import { checkOptionNames, checkTimeout, listHeaders, SYSTEM_CLOCK } from "../util/mod.ts";
import type { RemoteAttemptOptions, RemoteCallOptions } from "./remote_call.ts";

const NAMES: Readonly<Record<keyof RemoteCallOptions, true>> = {
  timeoutMs: true,
  deadlineMs: true,
  signal: true,
  headers: true,
  idempotent: true,
  integers: true,
};
/** 30 years: a later time is one since 1970. */
const MAX_UPTIME_MS = 1e12;
const INTEGERS: readonly unknown[] = [undefined, "strict", "double", "i8"];

/**
 * Returns the options of a call, its headers in lower case; of an incoming call, as
 * `currentCall()` returns it, the signal and the deadline.
 *
 * @throws {TypeError} if an option is unknown or has another type
 * @throws {RangeError} if a time is invalid
 */
export function checkCallOptions(options: RemoteCallOptions): RemoteCallOptions {
  if (options === undefined) {
    throw new TypeError(
      "Cannot use undefined as call options: currentCall() has no call after the first await; " +
        "call it before, or set asyncContext",
    );
  }
  if (isIncomingCall(options)) return { signal: options.signal, deadlineMs: options.deadlineMs };
  checkOptionNames(options, { path: "", known: Object.keys(NAMES) });
  const { timeoutMs, deadlineMs, signal, headers, idempotent, integers } = options;
  if (timeoutMs !== undefined) checkTimeout(timeoutMs);
  if (deadlineMs !== undefined) checkDeadline(deadlineMs);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`Cannot use signal ${String(signal)}: give an AbortSignal`);
  }
  checkIdempotent(idempotent);
  if (!INTEGERS.includes(integers)) {
    throw new TypeError(
      `Cannot use integers ${JSON.stringify(integers)}: give "strict", "double" or "i8"`,
    );
  }
  return headers === undefined ? options : { ...options, headers: readHeaders(headers) };
}

/** @throws {RangeError} if it is not a time of the clock, such as one of `Date.now()` */
function checkDeadline(deadlineMs: unknown): void {
  const isTime = typeof deadlineMs === "number" && !Number.isNaN(deadlineMs);
  if (isTime && (deadlineMs < MAX_UPTIME_MS || deadlineMs === Infinity)) return;
  const given = typeof deadlineMs === "string" ? JSON.stringify(deadlineMs) : String(deadlineMs);
  throw new RangeError(
    `Cannot use deadlineMs ${given}: give a time on the clock of performance.now()`,
  );
}

/** @throws {TypeError} if the option is neither `true` nor a list of names */
export function checkIdempotent(idempotent: unknown): void {
  const isList = Array.isArray(idempotent) && idempotent.every((name) => typeof name === "string");
  if (idempotent === undefined || idempotent === true || isList) return;
  throw new TypeError(
    `Cannot use idempotent ${JSON.stringify(idempotent)}: give true, or a list of methods`,
  );
}

/** Returns when a call with these options ends, on the clock of `performance.now()`. */
export function computeDeadlineMs(
  { timeoutMs, deadlineMs }: RemoteCallOptions,
  clock = SYSTEM_CLOCK,
): number | undefined {
  if (timeoutMs === undefined) return deadlineMs;
  return Math.min(clock.now() + timeoutMs, deadlineMs ?? Infinity);
}

/** Returns the options of a call from those of its proxy and its own, which count more. */
export function mergeOptions(
  earlier: RemoteCallOptions,
  later: RemoteAttemptOptions,
): RemoteAttemptOptions {
  const signals = [earlier.signal, later.signal].filter((signal) => signal !== undefined);
  const deadlines = [earlier.deadlineMs, later.deadlineMs].filter((time) => time !== undefined);
  return {
    ...later,
    timeoutMs: later.timeoutMs ?? earlier.timeoutMs,
    deadlineMs: deadlines.length === 0 ? undefined : Math.min(...deadlines),
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
    headers: later.headers === undefined || earlier.headers === undefined
      ? later.headers ?? earlier.headers
      : { ...earlier.headers, ...later.headers },
    idempotent: later.idempotent ?? earlier.idempotent,
    integers: later.integers ?? earlier.integers,
  };
}

function isIncomingCall(options: unknown): boolean {
  return typeof options === "object" && options !== null && "direction" in options &&
    options.direction === "incoming";
}

function readHeaders(headers: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    listHeaders(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** The longest time that a timer can wait. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Checks a timeout; `Infinity` means none. */
export function checkTimeout(timeoutMs: number): number {
  if (timeoutMs === Infinity || (timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS)) return timeoutMs;
  throw new RangeError(
    `Cannot use timeoutMs ${timeoutMs}: give Infinity or a positive number up to ${MAX_TIMER_MS}`,
  );
}

/** Checks the path of a servlet. */
export function checkPath(path: string): string {
  if (/^\/[^\s?#]*$/.test(path)) return path;
  throw new TypeError(`Cannot serve the path ${JSON.stringify(path)}: begin with a slash`);
}

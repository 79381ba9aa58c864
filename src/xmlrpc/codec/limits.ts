/** Nesting that the stack of every runtime can take. */
const MAX_DEPTH = 1000;

/**
 * Checks a limit of nesting, which recursion follows, and returns it.
 *
 * @throws {RangeError} if it is not 0 to 1000
 */
export function checkDepth(maxDepth = 64): number {
  if (maxDepth >= 0 && maxDepth <= MAX_DEPTH) return maxDepth;
  throw new RangeError(`Cannot use maxDepth ${maxDepth}: give 0 to ${MAX_DEPTH}`);
}

/**
 * Checks limits that must be positive numbers where they are given.
 *
 * @throws {RangeError} naming the first one that is not
 */
export function checkPositive(limits: Readonly<Record<string, unknown>>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === undefined || typeof limit === "function") continue;
    if (typeof limit === "number" && limit > 0) continue;
    throw new RangeError(`Cannot use ${name} ${limit}: give a positive number`);
  }
}

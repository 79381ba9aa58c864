/** Nesting that every runtime's stack can take. */
const MAX_DEPTH = 1000;

/** Checks a limit of nesting, which recursion follows. */
export function checkedDepth(maxDepth = 64): number {
  if (maxDepth >= 0 && maxDepth <= MAX_DEPTH) return maxDepth;
  throw new RangeError(`Cannot use maxDepth ${maxDepth}: give 0 to ${MAX_DEPTH}`);
}

/** Checks limits that must be positive numbers, where they are given. */
export function checkPositive(limits: Readonly<Record<string, unknown>>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === undefined || typeof limit === "function") continue;
    if (typeof limit === "number" && limit > 0) continue;
    throw new RangeError(`Cannot use ${name} ${limit}: give a positive number`);
  }
}

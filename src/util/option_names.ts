/** Description of an options object, for {@link checkOptionNames}. */
export interface OptionNames {
  /** Names the object in the error, such as `etcd`; empty for the options themselves. */
  readonly path: string;
  /** Names that may be given. */
  readonly known: readonly string[];
  /** Hints for names that users bring from elsewhere, such as iPOPO's. */
  readonly hints?: Readonly<Record<string, string>>;
}

/**
 * Checks that an options object has no name that is unknown.
 *
 * @throws {TypeError} if it is not an object, or has an unknown name; the message has the
 * nearest known one
 * @example
 * ```ts
 * checkOptionNames({ port: 8181 }, { path: "http", known: ["hostname", "port"] });
 * ```
 */
export function checkOptionNames(options: unknown, names: OptionNames): void {
  const { path, known, hints = {} } = names;
  const label = path === "" ? "the options" : path;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Cannot use ${describeValue(options)} as ${label}: give an object`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
    const nearest = findNearest(name, known);
    const advice = hint ?? (nearest === undefined ? undefined : `did you mean ${nearest}?`) ??
      `known are ${[...known].sort().join(", ")}`;
    const full = path === "" ? name : `${path}.${name}`;
    throw new TypeError(`Cannot use the option ${full}: there is no such option; ${advice}`);
  }
}

/** Describes a value in an error; a string may be a password or a private key. */
function describeValue(value: unknown): string {
  return ["string", "function"].includes(typeof value) ? `a ${typeof value}` : String(value);
}

/**
 * Returns those options that have one of the names, for a part that refuses all others.
 *
 * @example
 * ```ts
 * console.log(pickOptions({ port: 8181, path: "/xml-rpc" }, { port: true })); // { port: 8181 }
 * ```
 */
export function pickOptions<T extends object, K extends keyof T>(
  options: T,
  names: Readonly<Record<K, true>>,
): Pick<T, K> {
  const picked: Partial<T> = {};
  for (const name in names) if (Object.hasOwn(options, name)) picked[name] = options[name];
  return picked as Pick<T, K>;
}

/**
 * Returns the candidate that differs least from a name, or `undefined` if all differ too much.
 *
 * @example
 * ```ts
 * console.log(findNearest("endpoint", ["endpoints", "topKey"])); // endpoints
 * ```
 */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Returns the number of characters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Returns the headers of an object of strings; a member that is `undefined` is left out.
 *
 * @param option names the object in errors
 * @throws {TypeError} on anything else: the entries of a `Headers` or a `Map` are no members, so
 * that none would be sent
 * @example
 * ```ts
 * console.log(listHeaders({ "x-tenant": "a", "x-none": undefined })); // [ [ "x-tenant", "a" ] ]
 * ```
 */
export function listHeaders(headers: unknown, option = "headers"): [name: string, value: string][] {
  const isPlain = typeof headers === "object" && headers !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(headers));
  const given = isPlain ? Object.entries(headers).filter(([, value]) => value !== undefined) : [];
  if (isPlain && given.every(isHeader)) return given;
  throw new TypeError(
    `Cannot use ${option}: give an object of strings, such as { "x-tenant": "a" }`,
  );
}

function isHeader(entry: [name: string, value: unknown]): entry is [name: string, value: string] {
  return typeof entry[1] === "string";
}

/**
 * Checks the path of a servlet.
 *
 * @throws {TypeError} if the path of a URL can't be this one, as it stands
 */
export function checkServletPath(path: unknown): string {
  const isPath = typeof path === "string" && URL.parse(`http://host${path}`)?.pathname === path;
  if (isPath) return path;
  const given = typeof path === "string" ? JSON.stringify(path) : String(path);
  throw new TypeError(
    `Cannot serve the path ${given}: give one as it stands in URLs, such as /xml-rpc`,
  );
}

/** Checks the path of a servlet. */
export function checkPath(path: string): string {
  if (/^\/[^\s?#]*$/.test(path)) return path;
  throw new TypeError(`Cannot serve the path ${JSON.stringify(path)}: begin with a slash`);
}

import assert from "node:assert/strict";

const FOLDER = new URL("../fixtures/cli/", import.meta.url);

/**
 * Compares a string with the file of its name in `tests/fixtures/cli`; with the variable
 * `UPDATE_SNAPSHOTS` it writes the file instead.
 */
export async function checkSnapshot(name: string, text: string): Promise<void> {
  const file = new URL(`${name}.txt`, FOLDER);
  if (Deno.env.get("UPDATE_SNAPSHOTS") !== undefined) {
    await Deno.mkdir(FOLDER, { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  assert.equal(text, await Deno.readTextFile(file), `see ${file.pathname}`);
}

/** Replaces what differs from run to run: ids, ports, times; columns keep their width. */
export function maskVariables(text: string): string {
  const mask = (pattern: RegExp, word: string) => (all: string) =>
    all.replace(pattern, (found) => word.padEnd(found.length).slice(0, found.length));
  return [
    mask(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>"),
    mask(/(?<=127\.0\.0\.1:)\d{2,5}\b/g, "PORT"),
  ].reduce((all, replace) => replace(all), text)
    .replace(/PORT ?/g, "PORT")
    .replace(/\d+(?:\.\d+)? ms\b/g, "N ms")
    .replace(/ +(?=\n)/g, "")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}

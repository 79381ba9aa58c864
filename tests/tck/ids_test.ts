import assert from "node:assert/strict";

/** Returns the ids that the titles of the tests begin with. */
function listTested(): string[] {
  const folder = new URL(".", import.meta.url);
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith("_test.ts"))
    .map(({ name }) => Deno.readTextFileSync(new URL(name, folder)))
    .flatMap((source) => [...source.matchAll(/^Deno\.test\("([A-Z]{2}-\d\d) /gm)])
    .map(([, id = ""]) => id);
}

Deno.test("Every fact of the OSGi test suites that applies has one test of its id", () => {
  const list = Deno.readTextFileSync(new URL("ids.txt", import.meta.url));
  const ids = list.split("\n").filter((line) => !line.startsWith("#")).join(" ").split(/\s+/);
  const tested = listTested();
  assert.deepEqual(ids.filter((id) => id !== "" && !tested.includes(id)), []);
  assert.deepEqual(tested.filter((id, index) => tested.indexOf(id) !== index), []);
});

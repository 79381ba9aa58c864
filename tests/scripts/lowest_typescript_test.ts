import assert from "node:assert/strict";
import { LOWEST_TYPESCRIPT } from "../../scripts/npm/tools.ts";
import { readProjectFile } from "../docs/markdown.ts";

Deno.test("The documents name the lowest TypeScript that test:runtimes compiles with", async () => {
  const [, lowest] = /^(\d+\.\d+)\./.exec(LOWEST_TYPESCRIPT) ?? [];
  for (const path of ["README.md", "docs/runtimes.md"]) {
    const [, named] = /TypeScript.{0,60}?(\d+\.\d+) or later/s.exec(await readProjectFile(path)) ??
      [];
    assert.equal(named, lowest, path);
  }
});

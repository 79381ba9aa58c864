import assert from "node:assert/strict";
import { ATTACKS } from "../../scripts/adversary/attacks.ts";

for (const { name, bar, run } of ATTACKS) {
  Deno.test(`Attack fails: ${name}; ${bar}`, async () => {
    const { measured, passed } = await run();
    assert.ok(passed, measured);
  });
}

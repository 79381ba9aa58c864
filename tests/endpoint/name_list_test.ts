import assert from "node:assert/strict";
import { parseNames } from "../../src/endpoint/mod.ts";

Deno.test("parseNames reads one name, several in a string, lists and sets", () => {
  const cases: [value: unknown, names: string[]][] = [
    ["a.B", ["a.B"]],
    [" a.B, c.D\n e.F ", ["a.B", "c.D", "e.F"]],
    [["a.B", "\n c.D "], ["a.B", "c.D"]],
    [["a b"], ["a b"]],
    [new Set(["x", "y"]), ["x", "y"]],
    [["x", null, 5, "", " ", "y"], ["x", "y"]],
    ["", []],
    [undefined, []],
    [5, []],
    [{}, []],
    [Uint8Array.of(1), []],
  ];
  for (const [value, names] of cases) assert.deepEqual(parseNames(value), names);
});

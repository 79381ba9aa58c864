import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import * as fsNamespace from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import path, { basename, dirname } from "node:path";
import * as processNamespace from "node:process";
import { createMethodTable } from "../../src/distribution/mod.ts";

/** Internal parts of modules, modules that only tests can load, and libraries that Bun has. */
const NOT_LOADED = /^(?:_|(?:node:|bun:)?test$|undici$|ws$)/;

Deno.test("createMethodTable refuses the modules of the runtime", () => {
  const cases: readonly (readonly [service: object, name: string])[] = [
    [fs, "node:fs"],
    [fsNamespace, "node:fs"],
    [fs.promises, "node:fs/promises"],
    [path, "node:path"],
    [path.win32, "node:path/win32"],
    [processNamespace, "node:process"],
    [{ ...fs }, "node:fs"],
    [{ ...path, own: () => 1 }, "node:path"],
    [Object.create(fs), "node:fs"],
  ];
  for (const [service, name] of cases) {
    const message = `Cannot export ${name}: it belongs to the runtime; give your own object, or ` +
      "name the callable methods with methods";
    assert.throws(() => createMethodTable(service), { name: "TypeError", message });
  }
  assert.throws(() => createMethodTable(process), /Cannot export process: it belongs to the/);
});

Deno.test("createMethodTable refuses each module that the runtime lists", async () => {
  const refusal = /it belongs to the runtime|Cannot export the class|it has no callable method/;
  for (const listed of builtinModules.filter((name) => !NOT_LOADED.test(name))) {
    const name = listed.includes(":") || listed === "bun" ? listed : `node:${listed}`;
    const namespace: Record<string, unknown> = await import(name);
    for (const service of [namespace, namespace.default]) {
      if (!(service instanceof Object) && service !== namespace) continue;
      assert.throws(() => createMethodTable(Object(service)), refusal, name);
    }
  }
});

Deno.test("createMethodTable exports own objects with names and functions of such modules", () => {
  const files = { readFileSync: () => "own", rmSync: () => {} };
  assert.equal(createMethodTable(files).get("readFileSync")?.(), "own");
  for (const [first, second] of [["spec", "tap"], ["setupPrimary", "fork"], ["cwd", "nextTick"]]) {
    const own = { [first ?? ""]: () => 1, [second ?? ""]: () => 2 };
    assert.deepEqual(createMethodTable(own).names, [first, second]);
  }
  assert.deepEqual(createMethodTable({ dirname, basename }).names, ["dirname", "basename"]);
  assert.deepEqual(createMethodTable({ execFileSync, readFile }).names?.length, 2);
  assert.equal(createMethodTable(path, ["dirname"]).get("dirname")?.("/a/b"), "/a");
  const getter = Object.defineProperty({ ...files }, "default", { get: () => assert.fail() });
  assert.equal(createMethodTable(getter).names?.length, 2);
});

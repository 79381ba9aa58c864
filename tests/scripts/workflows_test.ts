import assert from "node:assert/strict";
import { parse } from "yaml";
import { ROOT } from "../../scripts/npm/project.ts";

const readText = (path: string) => Deno.readTextFile(`${ROOT}/${path}`);

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

/** Reads a workflow; throws if it is not valid YAML. */
async function readWorkflow(name: string): Promise<Workflow> {
  return parse(await readText(`.github/workflows/${name}.yml`), { strict: true });
}

Deno.test("Workflows run tasks and files that exist, in pinned actions", async () => {
  const { tasks } = JSON.parse(await readText("deno.json"));
  for (const name of ["ci", "publish"]) {
    const { jobs } = await readWorkflow(name);
    for (const { run = "", uses = "x@v1" } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      assert.match(uses, /@v\d+$/);
      for (const [, task = ""] of run.matchAll(/deno task ([\w:]+)/g)) assert.ok(tasks[task], task);
      for (const [path] of run.matchAll(/(?<![\w.])(?:\.ci|src|scripts)\/[\w./]+/g)) {
        assert.ok((await Deno.stat(`${ROOT}/${path}`)).isFile, path);
      }
    }
  }
});

Deno.test("Both registries get provenance: their jobs may request an identity", async () => {
  const { jobs } = await readWorkflow("publish");
  assert.deepEqual(Object.keys(jobs), ["jsr", "npm"]);
  for (const { permissions } of Object.values(jobs)) {
    assert.equal(permissions?.["id-token"], "write");
  }
  const commands = Object.values(jobs).flatMap(({ steps }) => steps).map(({ run }) => run);
  assert.ok(commands.includes("deno publish"));
  assert.ok(commands.some((run) => /^npm publish .*--provenance/.test(run ?? "")));
});

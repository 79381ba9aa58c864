import assert from "node:assert/strict";
import { createPackageManifest } from "../../scripts/npm/package_manifest.ts";
import { ENTRY_POINTS, ROOT } from "../../scripts/npm/project.ts";

const PACKAGES = ["@grpc/grpc-js", "@grpc/proto-loader", "xmlbuilder2"];

/**
 * Writes the code of the package in a process of its own, which esbuild's process ends with;
 * returns the names of the packages that it imports.
 */
async function writePackageCode(folder: string): Promise<readonly string[]> {
  const program = `
import { writePackageCode } from "./scripts/npm/package_code.ts";
console.log(JSON.stringify([...await writePackageCode(${JSON.stringify(folder)})]));
Deno.exit();`;
  const args = ["eval", program];
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT });
  const { success, stdout, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("The npm package has the entry points of deno.json, and their packages as dependencies", () => {
  const manifest = createPackageManifest(new Set([...PACKAGES, "rxjs"]));
  const subpaths = Object.keys(Object(manifest.exports));
  assert.deepEqual(subpaths, [...ENTRY_POINTS.keys(), "./package.json"]);
  assert.deepEqual(Object(manifest.exports)["./etcd"], {
    types: "./src/etcd/mod.d.ts",
    default: "./src/etcd/mod.js",
  });
  assert.deepEqual(Object.keys(Object(manifest.dependencies)), PACKAGES);
  assert.deepEqual(Object.keys(Object(manifest.peerDependencies)), ["rxjs"]);
  assert.deepEqual(manifest.peerDependenciesMeta, { rxjs: { optional: true } });
  assert.throws(() => createPackageManifest(new Set(["unknown"])), /Cannot require unknown/);
});

Deno.test("The code of the npm package bundles no package and has no syntax that Node 22 lacks", async () => {
  const folder = await Deno.makeTempDir({ prefix: "etcd3-npm-" });
  try {
    const imported = await writePackageCode(folder);
    assert.ok(PACKAGES.every((name) => imported.includes(name)));
    let code = await Deno.readTextFile(`${folder}/mod.js`);
    for (const { name } of Deno.readDirSync(`${folder}/chunks`)) {
      code += await Deno.readTextFile(`${folder}/chunks/${name}`);
    }
    assert.doesNotMatch(code, /node_modules|^\s*(?:await )?using \w+ =/m);
    const program = await Deno.readTextFile(`${folder}/bin/remote-services.js`);
    assert.match(program, /^#!\/usr\/bin\/env node\n/);
    assert.match(program, /^await runCli\(\);$/m);
    assert.match(program, /give Node 22\.12 or later/);
    assert.ok(!program.includes(ROOT), "the path of the machine that built it");
    const commandLine = await Deno.readTextFile(`${folder}/src/cli/mod.js`);
    assert.doesNotMatch(commandLine, /import\.meta|^await/m); // bundles and require() load it
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

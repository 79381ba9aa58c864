/**
 * Bundles the tests for Node and Bun in one build with the entry points of the npm package, so
 * that they run on the code of the package.
 *
 * @module
 */
import type { Plugin } from "esbuild";
import { writePackageCode } from "../npm/package_code.ts";
import { CACHE_FOLDER, ROOT, toStem } from "../npm/project.ts";

/** Pattern of code in tests that needs Deno. */
const DENO_ONLY = /\bDeno\.(?!test\b)|\bDeno\b[^.\w]/;

/** Modules that have another implementation for tests on Node and Bun. */
const REPLACED = new Map([["tests/support/etcd.ts", "tests/runtimes/etcd.ts"]]);

/** Module of the library that runs on Deno alone. */
const DENO_SERVER = "src/http/server/adapters/deno_server.ts";

/** Tests whose counterparts on Deno test more, in files that need Deno. */
const OF_RUNTIMES = ["tests/runtimes/http_contract.ts", "tests/runtimes/tls.ts"];

/** Long tests that do not depend on the runtime, and one that compares the places of stack traces. */
const LEFT_OUT = [
  "tests/discovery/etcd3/etcd_semantics_test.ts",
  "tests/discovery/etcd3/simulation_test.ts",
  "tests/calls/load_test.ts",
  "tests/xmlrpc/codec/replay_test.ts",
  "tests/util/logging/log_values_test.ts",
];

const replacePlugin: Plugin = {
  name: "replace",
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const target = new URL(path, `file://${resolveDir}/`).pathname.slice(ROOT.length + 1);
      const other = REPLACED.get(target);
      return other === undefined ? undefined : { path: `${ROOT}/${other}` };
    });
  },
};

/** Bundled tests. */
export interface TestBundle {
  /** Path of the program that runs the tests. */
  readonly runner: string;
  /** Paths of the bundled test files. */
  readonly files: readonly string[];
}

/** Bundles all tests that need no more of Deno than `Deno.test`. */
export async function bundleTests(): Promise<TestBundle> {
  const folder = `${CACHE_FOLDER}/tests`;
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // the first run
  const all = (await listFiles("tests")).filter((path) => path.endsWith("_test.ts")).sort();
  const chosen = [...OF_RUNTIMES];
  for (const path of all) {
    if (!LEFT_OUT.includes(path) && await isPortable(path, new Set())) chosen.push(path);
  }
  const runner = "tests/runtimes/runner.ts";
  await writePackageCode(folder, {
    others: Object.fromEntries([runner, ...chosen].map((path) => [toStem(path), path])),
    settings: { define: { "Deno.test": "globalThis.registerTest" }, plugins: [replacePlugin] },
  });
  await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }');
  await Deno.symlink(`${ROOT}/tests/fixtures`, `${folder}/tests/fixtures`);
  const toOutput = (path: string) => `${folder}/${toStem(path)}.js`;
  return { runner: toOutput(runner), files: chosen.map(toOutput) };
}

/** Whether a test, and what it imports outside of the library, uses nothing of Deno's own. */
async function isPortable(path: string, seen: Set<string>): Promise<boolean> {
  const actual = REPLACED.get(path) ?? path;
  if (actual === DENO_SERVER) return false;
  if (seen.has(actual) || actual.startsWith("src/") || actual === "mod.ts") return true;
  seen.add(actual);
  const text = await Deno.readTextFile(`${ROOT}/${actual}`);
  const code = text.replace(
    /\/\*[^]*?\*\/|(?<!:)\/\/.*|"(?:[^"\\\n]|\\.)*"|`[^`]*`/g,
    (part) => part.startsWith('"') ? part : "",
  );
  if (DENO_ONLY.test(code.replace(/"[^"\n]*"/g, '""'))) return false;
  for (const [, specifier = ""] of code.matchAll(/\bfrom "(\.[^"]+)"/g)) {
    const target = new URL(specifier, `file://${ROOT}/${actual}`).pathname;
    if (!await isPortable(target.slice(ROOT.length + 1), seen)) return false;
  }
  return true;
}

async function listFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await listFiles(path));
    else paths.push(path);
  }
  return paths;
}

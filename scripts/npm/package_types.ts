/**
 * Writes the declarations of the npm package: those of TypeScript's compiler that the entry
 * points reach, as files beside the code.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { CACHE_FOLDER, ENTRY_POINTS, ROOT, toStem } from "./project.ts";
import { runTool } from "./tools.ts";

const COMPILER_OPTIONS = {
  target: "es2024",
  module: "nodenext",
  // Library of Node 22; `deno check` knows more.
  lib: [
    "es2024",
    "esnext.collection",
    "esnext.iterator",
    "esnext.disposable",
    "dom",
    "dom.iterable",
    "dom.asynciterable",
  ],
  types: ["node", "deno"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  rewriteRelativeImportExtensions: true,
  resolveJsonModule: true,
  declaration: true,
  emitDeclarationOnly: true,
  stripInternal: true,
  skipLibCheck: true,
  // The package states its declarations as "types.js.d.ts".
  paths: {
    "@modelcontextprotocol/sdk/*.js": ["../node_modules/@modelcontextprotocol/sdk/dist/esm/*.d.ts"],
  },
};

const IMPORT = /(?<=\bfrom\s*["']|\bimport\s*\(?\s*["'])\.[^"']+(?=["'])/g;

/** Writes the declarations into a folder. */
export async function writePackageTypes(folder: string): Promise<void> {
  const declarations = await compile();
  const written = new Set<string>();
  const write = async (stem: string): Promise<void> => {
    if (written.has(stem)) return;
    written.add(stem);
    const text = await Deno.readTextFile(`${declarations}/${stem}.d.ts`);
    const imports = [...text.matchAll(IMPORT)].map(([path]) => path);
    const path = `${folder}/${stem}.d.ts`;
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text.replace(IMPORT, (path) => path.replace(/\.ts$/, ".js")));
    for (const path of imports) await write(join(dirname(stem), path).replace(/\.[jt]s$/, ""));
  };
  for (const path of ENTRY_POINTS.values()) await write(toStem(path));
}

/** Compiles a copy of the source, beside the packages that it imports; returns the folder. */
async function compile(): Promise<string> {
  const folder = `${CACHE_FOLDER}/types`;
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // the first run
  await copyFolder(`${ROOT}/src`, `${folder}/source/src`);
  await Deno.copyFile(`${ROOT}/mod.ts`, `${folder}/source/mod.ts`);
  await Deno.copyFile(`${ROOT}/deno.json`, `${folder}/source/deno.json`);
  await Deno.writeTextFile(`${folder}/source/package.json`, '{ "type": "module" }');
  const files = [...ENTRY_POINTS.values()].map((path) => `source/${path}`);
  const compilerOptions = { ...COMPILER_OPTIONS, rootDir: "source", outDir: "declarations" };
  await Deno.writeTextFile(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files }));
  await runTool(Deno.execPath(), [
    "run",
    "-A",
    `${CACHE_FOLDER}/node_modules/typescript/bin/tsc`,
    "--project",
    `${folder}/tsconfig.json`,
  ], folder);
  return `${folder}/declarations`;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

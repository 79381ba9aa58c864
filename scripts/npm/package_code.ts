/**
 * Writes the JavaScript of the npm package: esbuild bundles the entry points with shared chunks,
 * lowers `using` for Node 22, and leaves the packages that are imported outside.
 *
 * @module
 */
import { build, type BuildOptions, type Plugin, stop } from "esbuild";
import { CLI_SUBPATH, ENTRY_POINTS, PROJECT, ROOT, toStem } from "./project.ts";

/** Lowest version that the code must run on. */
const TARGET = "node22";

/** Path of the package's program, without `.js`. */
export const PROGRAM = "bin/remote-services";

const PROGRAM_MODULE = "program:cli";

/** Statement of the command line that runs it if it is the main module. */
const MAIN = "if (import.meta.main) await runCli();";

/** Statements that take its place in the program; npm installs it on an older Node, too. */
const RUN = `if (Promise.withResolvers === undefined) {
  console.error("error: Cannot run on Node " + process.versions.node + ": give Node 22.12 or later");
  process.exit(1);
}
await runCli();`;

/**
 * Resolves the module of the program: the command line, which always runs. The module that others
 * import never does: Node 22 has no `import.meta.main`, a bundle is its own main module, and
 * `require()` refuses modules with an `await` outside of functions.
 */
const programPlugin: Plugin = {
  name: "program",
  setup({ onResolve, onLoad }) {
    const path = `${ROOT}/${toStem(ENTRY_POINTS.get(CLI_SUBPATH) ?? "")}.ts`;
    const load = async (statement: string) => {
      const source = await Deno.readTextFile(path);
      if (!source.includes(MAIN)) throw new Error(`Cannot make a program of ${path}: no ${MAIN}`);
      const resolveDir = path.slice(0, path.lastIndexOf("/"));
      return { contents: source.replace(MAIN, statement), loader: "ts" as const, resolveDir };
    };
    onResolve({ filter: /^program:/ }, () => ({ path: "cli", namespace: "program" }));
    onLoad({ filter: /.*/, namespace: "program" }, () => load(RUN));
    onLoad({ filter: RegExp(`^${RegExp.escape(path)}$`) }, () => load(""));
  },
};

/**
 * Makes the command `mcp` import its module by the name of the package, in a form that no bundler
 * follows: a program that contains the command line is bundled without the SDK of MCP.
 */
const mcpPlugin: Plugin = {
  name: "mcp",
  setup({ onLoad }) {
    onLoad({ filter: /\/mcp_command\.ts$/ }, async ({ path }) => {
      const source = await Deno.readTextFile(path);
      if (!source.includes("import(MCP_MODULE)")) {
        throw new Error(`Cannot find MCP_MODULE in ${path}`);
      }
      const name = `[${JSON.stringify(PROJECT.name)}, "mcp"].join("/")`;
      return { contents: source.replace("import(MCP_MODULE)", `import(${name})`), loader: "ts" };
    });
  },
};

/** Options of {@link writePackageCode}. */
export interface PackageCodeOptions {
  /** More entry points by their path without `.js`: tests that reach into the library. */
  readonly others?: Readonly<Record<string, string>>;
  /** More plugins and definitions, which these entry points need. */
  readonly settings?: Pick<BuildOptions, "define" | "plugins">;
}

/** Writes the code into a folder; returns the names of the packages that it imports. */
export async function writePackageCode(
  folder: string,
  { others = {}, settings = {} }: PackageCodeOptions = {},
): Promise<ReadonlySet<string>> {
  try {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: {
        ...Object.fromEntries([...ENTRY_POINTS.values()].map((path) => [toStem(path), path])),
        [PROGRAM]: PROGRAM_MODULE,
        ...others,
      },
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: TARGET,
      packages: "external",
      keepNames: true,
      chunkNames: "chunks/[hash]",
      metafile: true,
      logLevel: "warning",
      ...settings,
      plugins: [programPlugin, mcpPlugin, ...settings.plugins ?? []],
    });
    await makeProgram(`${folder}/${PROGRAM}.js`);
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
    return new Set(
      imports.filter(({ external, path }) => external && !path.startsWith("node:"))
        .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path),
    );
  } finally {
    await stop();
  }
}

async function makeProgram(path: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/usr/bin/env node\n${await Deno.readTextFile(path)}`);
  await Deno.chmod(path, 0o755);
}

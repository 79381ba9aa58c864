/**
 * Writes the JavaScript of the npm package: esbuild bundles the entry points with shared chunks,
 * lowers `using` for Node 22, and leaves the packages that are imported outside.
 *
 * @module
 */
import { build, type BuildOptions, type Plugin, stop } from "esbuild";
import { CLI_SUBPATH, ENTRY_POINTS, ROOT, toStem } from "./project.ts";

/** Lowest version that the code must run on. */
const TARGET = "node22";

/** Path of the package's program, without `.js`. */
export const PROGRAM = "bin/remote-services";

const PROGRAM_MODULE = "program:cli";

/**
 * Resolves the module of the program: the command line, which runs if it is the main module.
 * Node 22 has no `import.meta.main`, so the program has a copy of that one module.
 */
const programPlugin: Plugin = {
  name: "program",
  setup({ onResolve, onLoad }) {
    const path = `${ROOT}/${toStem(ENTRY_POINTS.get(CLI_SUBPATH) ?? "")}.ts`;
    onResolve({ filter: /^program:/ }, () => ({ path, namespace: "program" }));
    onLoad({ filter: /.*/, namespace: "program" }, async () => {
      const source = await Deno.readTextFile(path);
      if (!source.includes("import.meta.main")) {
        throw new Error(`Cannot make a program of ${path}: it does not use import.meta.main`);
      }
      return {
        contents: source.replaceAll("import.meta.main", "true"),
        loader: "ts",
        resolveDir: path.slice(0, path.lastIndexOf("/")),
      };
    });
  },
};

/** Makes the module of the command `mcp` a literal of its import, which esbuild can follow. */
const mcpPlugin: Plugin = {
  name: "mcp",
  setup({ onLoad }) {
    onLoad({ filter: /\/mcp_command\.ts$/ }, async ({ path }) => {
      const source = await Deno.readTextFile(path);
      const [, module] = /const MCP_MODULE = (".+");/.exec(source) ?? [];
      if (module === undefined) throw new Error(`Cannot find MCP_MODULE in ${path}`);
      return { contents: source.replace("import(MCP_MODULE)", `import(${module})`), loader: "ts" };
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

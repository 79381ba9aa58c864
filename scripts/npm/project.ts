/**
 * Facts about the package from `deno.json`, and the folders of its build.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

/** Root folder of the project, without a final slash. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Folder of the npm package; git ignores it. */
export const PACKAGE_FOLDER = `${ROOT}/npm`;

/** Folder of tools, runtimes and intermediate files; git ignores it. */
export const CACHE_FOLDER = `${ROOT}/.cache/npm`;

/** Name, version and so on of the package. */
export const PROJECT: {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
} = config;

/** Entry points by subpath, such as `./etcd` and `./src/etcd/mod.ts`. */
export const ENTRY_POINTS: ReadonlyMap<string, string> = new Map(Object.entries(config.exports));

/** Subpath of the command line, which is also the package's program. */
export const CLI_SUBPATH = "./cli";

/** Versions of the packages that `deno.json` imports, by name. */
export const IMPORTED_VERSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(config.imports).flatMap(([name, specifier]): [string, string][] => {
    const version = /^npm:@?[^@]+@(.+)$/.exec(specifier)?.[1];
    return version === undefined ? [] : [[name, version]];
  }),
);

/** Returns the path without `.ts`, relative to the root: `./src/etcd/mod.ts` is `src/etcd/mod`. */
export function toStem(path: string): string {
  return path.replace(/^\.\//, "").replace(/\.ts$/, "");
}

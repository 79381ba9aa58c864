import type { PackedPackage } from "../npm/build.ts";
import { ENTRY_POINTS, PROJECT, ROOT } from "../npm/project.ts";
import { runNpm } from "../npm/tools.ts";

/**
 * Folder of a program that has installed the packed package with npm. It is not below that of the
 * tools, where packages would be found that the program has not installed.
 */
export const PROGRAM_FOLDER = `${ROOT}/.cache/program`;

/** Installs the packed package with npm in a folder without anything else. */
export async function installPackage({ path }: PackedPackage): Promise<void> {
  await Deno.remove(PROGRAM_FOLDER, { recursive: true }).catch(() => {}); // the first run
  await Deno.mkdir(PROGRAM_FOLDER, { recursive: true });
  await Deno.writeTextFile(`${PROGRAM_FOLDER}/package.json`, '{ "type": "module" }');
  const options = ["--no-audit", "--no-fund", "--prefer-offline"];
  await runNpm(["install", ...options, path, "@types/node@22"], PROGRAM_FOLDER);
}

/** Names of all modules of the package. */
export const MODULE_NAMES: readonly string[] = [...ENTRY_POINTS.keys()].map((subpath) =>
  PROJECT.name + subpath.slice(1)
);

/** Those that need no package which a program has to install itself. */
export const MODULES_OF_ALL: readonly string[] = MODULE_NAMES.filter((name) =>
  !name.endsWith("/mcp")
);

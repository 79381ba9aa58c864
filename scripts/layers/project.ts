import { findImports, type ImportedModule, maskSource } from "./source_text.ts";

const FOLDERS = ["src", "examples", "scripts", "tests"];

/** A TypeScript file of the project. */
export interface SourceFile {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly source: string;
  /** The source without comments and the contents of strings. */
  readonly masked: string;
  readonly imports: readonly (ImportedModule & { readonly target: string | undefined })[];
}

/** Reads `mod.ts` and the TypeScript files of `src`, `examples`, `scripts` and `tests`. */
export async function readProject(root: string): Promise<SourceFile[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(root)) {
    if (entry.name === "mod.ts") paths.push(entry.name);
    if (FOLDERS.includes(entry.name)) await collect(root, entry.name, paths);
  }
  return await Promise.all(paths.sort().map((path) => readSource(root, path)));
}

async function collect(root: string, folder: string, paths: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    if (isDirectory) await collect(root, `${folder}/${name}`, paths);
    else if (name.endsWith(".ts")) paths.push(`${folder}/${name}`);
  }
}

async function readSource(root: string, path: string): Promise<SourceFile> {
  const source = await Deno.readTextFile(`${root}/${path}`);
  const masked = maskSource(source);
  const imports = findImports(source, masked).map((imported) => ({
    ...imported,
    target: resolvePath(path, imported.specifier),
  }));
  return { path, source, masked, imports };
}

/** Returns the path of a relative specifier; `undefined` for a package. */
function resolvePath(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Returns the folder of a path; the root is the empty string. */
export function getFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Returns the last part of a path. */
export function getFileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

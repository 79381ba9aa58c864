import { folderOf, nameOf, type SourceFile } from "./project.ts";
import { ALLOWED_IMPORTS, GENERATED, PACKAGES } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** Entry points that examples may import besides `mod.ts`. */
const ENTRY_POINT = /^src\/[a-z0-9]+\/(?:mod|cli)\.ts$/;

/** Checks every import of a file against the table of layers. */
export function checkImports(file: SourceFile): Violation[] {
  return file.imports.flatMap(({ specifier, target, line }) => {
    const refuse = (rule: string, message: string): Violation[] => [
      { rule, path: file.path, line, message: `Cannot import ${specifier}: ${message}` },
    ];
    if (target === undefined) return checkPackage(file, specifier, refuse);
    const folder = topOf(file.path);
    if (folder === "tests" || folder === "scripts") return [];
    if (folder === "examples") return checkExample(target, refuse);
    if (!target.startsWith("src/") && target !== "mod.ts") {
      return refuse("layer", "the library does not import tests, scripts or examples");
    }
    return [...checkLayer(file.path, target, refuse), ...checkFace(file.path, target, refuse)];
  });
}

type Refuse = (rule: string, message: string) => Violation[];

function checkPackage({ path }: SourceFile, specifier: string, refuse: Refuse): Violation[] {
  const isLibrary = topOf(path) === "src" || path === "mod.ts";
  if (!isLibrary || specifier.startsWith("node:") || PACKAGES.test(specifier)) return [];
  return refuse("package", "no file of src/ may use this package; see OUTSIDE_THINGS");
}

function checkExample(target: string, refuse: Refuse): Violation[] {
  const isPublic = target === "mod.ts" || ENTRY_POINT.test(target);
  if (isPublic || topOf(target) === "examples") return [];
  return refuse("face", "examples use the public entry points only");
}

/** Checks that a folder of `src/` may import another one. */
function checkLayer(path: string, target: string, refuse: Refuse): Violation[] {
  if (path === "mod.ts") return [];
  if (target === "mod.ts") return refuse("layer", "the root module stands above all of src/");
  const from = unitOf(path);
  const to = unitOf(target);
  if (from === to) return [];
  const allowed = ALLOWED_IMPORTS.get(from) ?? ALLOWED_IMPORTS.get(familyOf(from));
  if (allowed === undefined) return refuse("layer", `${from} has no row in ALLOWED_IMPORTS`);
  if (allowed.includes(to) || allowed.includes(familyOf(to))) return [];
  return refuse("layer", `${from} may not import ${to}`);
}

/** Checks that another folder is entered through its `mod.ts`, if at all. */
function checkFace(path: string, target: string, refuse: Refuse): Violation[] {
  const from = folderOf(path);
  const to = folderOf(target);
  if (from === to || to === "" || from.startsWith(`${to}/`) || target.startsWith(GENERATED)) {
    return [];
  }
  if (nameOf(target) !== "mod.ts") {
    return refuse("face", "another folder is entered through its mod.ts only");
  }
  const owner = folderOf(to);
  const isPart = owner !== "src" && !isProvider(unitOf(target));
  if (!isPart || from === owner || from.startsWith(`${owner}/`)) return [];
  return refuse("face", `${to} is private to ${owner}`);
}

/** Returns the layer of a file: a folder of `src/`, or a provider below its contract. */
function unitOf(path: string): string {
  const [, folder = "", below = ""] = path.split("/");
  if (folder.endsWith(".ts")) return "src";
  const isProviderFolder = !below.endsWith(".ts") && ALLOWED_IMPORTS.has(`${folder}/*`);
  return isProviderFolder ? `${folder}/${below}` : folder;
}

function familyOf(unit: string): string {
  return isProvider(unit) ? `${folderOf(unit)}/*` : unit;
}

function isProvider(unit: string): boolean {
  return unit.includes("/");
}

function topOf(path: string): string {
  return path.split("/")[0] ?? "";
}

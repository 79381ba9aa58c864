import { getFileName, getFolder, type SourceFile } from "./project.ts";
import { ALLOWED_IMPORTS, isGenerated, PACKAGES } from "./rules.ts";
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
    const folder = getTopFolder(file.path);
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
  const isLibrary = getTopFolder(path) === "src" || path === "mod.ts";
  if (!isLibrary || specifier.startsWith("node:") || PACKAGES.test(specifier)) return [];
  return refuse("package", "no file of src/ may use this package; see OUTSIDE_THINGS");
}

function checkExample(target: string, refuse: Refuse): Violation[] {
  const isPublic = target === "mod.ts" || ENTRY_POINT.test(target);
  if (isPublic || getTopFolder(target) === "examples") return [];
  return refuse("face", "examples use the public entry points only");
}

/** Checks that a folder of `src/` may import another one. */
function checkLayer(path: string, target: string, refuse: Refuse): Violation[] {
  if (path === "mod.ts") return [];
  if (target === "mod.ts") return refuse("layer", "the root module stands above all of src/");
  const from = findUnit(path);
  const to = findUnit(target);
  if (from === to) return [];
  const allowed = ALLOWED_IMPORTS.get(from) ?? ALLOWED_IMPORTS.get(toFamily(from));
  if (allowed === undefined) return refuse("layer", `${from} has no row in ALLOWED_IMPORTS`);
  if (allowed.includes(to) || allowed.includes(toFamily(to))) return [];
  return refuse("layer", `${from} may not import ${to}`);
}

/** Checks that another folder is entered through its `mod.ts`, if at all. */
function checkFace(path: string, target: string, refuse: Refuse): Violation[] {
  const from = getFolder(path);
  const to = getFolder(target);
  if (from === to || to === "" || from.startsWith(`${to}/`) || isGenerated(target)) {
    return [];
  }
  if (getFileName(target) !== "mod.ts") {
    return refuse("face", "another folder is entered through its mod.ts only");
  }
  const owner = getFolder(to);
  const isPart = to !== `src/${findUnit(target)}`;
  if (!isPart || from === owner || from.startsWith(`${owner}/`)) return [];
  return refuse("face", `${to} is private to ${owner}`);
}

/** Returns the layer of a file: a folder of `src/`, or a provider below its contract. */
function findUnit(path: string): string {
  const [, folder = "", below = ""] = path.split("/");
  if (folder.endsWith(".ts")) return "src";
  const isProviderFolder = !below.endsWith(".ts") && ALLOWED_IMPORTS.has(`${folder}/*`);
  return isProviderFolder ? `${folder}/${below}` : folder;
}

function toFamily(unit: string): string {
  return isProvider(unit) ? `${getFolder(unit)}/*` : unit;
}

function isProvider(unit: string): boolean {
  return unit.includes("/");
}

function getTopFolder(path: string): string {
  return path.split("/")[0] ?? "";
}

import { getFileName, type SourceFile } from "./project.ts";
import {
  isGenerated,
  MAX_FUNCTION_LINES,
  MAX_LINES,
  OUTSIDE_THINGS,
  SHARED_NAMES,
} from "./rules.ts";
import { lineAt } from "./source_text.ts";
import type { Violation } from "./violation.ts";

/** Opening brace after a parameter list, a result type or an arrow; also those of `if` and `for`. */
const FUNCTION_START = /(?:\)(?:: [^{}\n]*)?|=>) \{(?=\n)/g;

/** Checks that a file of the library uses only those outside things that it may use. */
export function checkOutsideThings(file: SourceFile): Violation[] {
  if (!isLibrary(file)) return [];
  return OUTSIDE_THINGS.flatMap(({ name, imports, code, allowed }) => {
    const isAllowed = allowed.some((place) =>
      place.endsWith("/") ? file.path.startsWith(place) : file.path === place
    );
    if (isAllowed) return [];
    const places = allowed.length === 0 ? "no file" : `only ${allowed.join(" and ")}`;
    const lines = [
      ...file.imports.filter(({ specifier }) => imports?.test(specifier)).map(({ line }) => line),
      ...findCode(file, code),
    ];
    return lines.map((line) => ({
      rule: "outside",
      path: file.path,
      line,
      message: `Cannot use ${name}: ${places} may; see OUTSIDE_THINGS`,
    }));
  });
}

/** Checks the name of a file and of its folders. */
export function checkName({ path }: SourceFile): Violation[] {
  if (isGenerated(path)) return [];
  const message = path.split("/").some((part) => part.startsWith("_"))
    ? "Cannot use an underscore prefix: mod.ts already makes a file private"
    : !/^[a-z0-9_]+\.ts$/.test(getFileName(path))
    ? "Cannot use this file name: use snake_case"
    : undefined;
  return message === undefined ? [] : [{ rule: "name", path, line: 1, message }];
}

/** Checks that a file that is not a test is not too long. */
export function checkLength({ path, source }: SourceFile): Violation[] {
  if (isGenerated(path) || path.startsWith("tests/")) return [];
  const lines = source.trimEnd().split("\n").length;
  if (lines <= MAX_LINES) return [];
  const message = `Cannot have ${lines} lines: divide it by its concepts (at most ${MAX_LINES})`;
  return [{ rule: "length", path, line: MAX_LINES + 1, message }];
}

/** Checks that no function of a file that is not a test is too long. */
export function checkFunctionLengths({ path, source, masked }: SourceFile): Violation[] {
  if (isGenerated(path) || path.startsWith("tests/")) return [];
  return [...masked.matchAll(FUNCTION_START)].flatMap(({ index, 0: start }) => {
    const open = index + start.length - 1;
    const line = lineAt(source, open);
    const lines = lineAt(source, findClosingBrace(masked, open)) - line + 1;
    if (lines <= MAX_FUNCTION_LINES) return [];
    const message =
      `Cannot have a function of ${lines} lines: divide it (at most ${MAX_FUNCTION_LINES})`;
    return [{ rule: "length", path, line, message }];
  });
}

/** Spread of an object or list that is written out, but for one that is changed first. */
const LITERAL_SPREAD = /\.\.\.(?:\{|\[)/g;

/** Checks that no literal is spread into another one, which only changes the format. */
export function checkLiteralSpreads({ path, source, masked }: SourceFile): Violation[] {
  if (isGenerated(path)) return [];
  return [...masked.matchAll(LITERAL_SPREAD)].flatMap(({ index, 0: start }) => {
    const open = index + start.length - 1;
    const rest = masked.slice(findClosingBrace(masked, open) + 1).trimStart();
    if (/^\??\./.test(rest) && !rest.startsWith("...")) return [];
    const message = "Cannot spread a literal: write its members out";
    return [{ rule: "spread", path, line: lineAt(source, index), message }];
  });
}

/** Checks that no two files of the library share a name, but for the usual ones. */
export function checkSameNames(files: readonly SourceFile[]): Violation[] {
  const first = new Map<string, string>();
  return files.filter((file) => isLibrary(file) && !isGenerated(file.path)).flatMap(
    ({ path }) => {
      const name = getFileName(path);
      const other = first.get(name);
      if (other === undefined) first.set(name, path);
      if (other === undefined || SHARED_NAMES.has(name)) return [];
      const message = `Cannot name a second file ${name}: ${other} has the name already`;
      return [{ rule: "name", path, line: 1, message }];
    },
  );
}

function findCode({ source, masked }: SourceFile, pattern: RegExp | undefined): number[] {
  if (pattern === undefined) return [];
  const all = new RegExp(pattern.source, "g");
  return [...masked.matchAll(all)].map(({ index }) => lineAt(source, index));
}

function findClosingBrace(masked: string, open: number): number {
  let depth = 0;
  for (let at = open; at < masked.length; at++) {
    if (masked[at] === "{" || masked[at] === "[") depth++;
    else if ((masked[at] === "}" || masked[at] === "]") && --depth === 0) return at;
  }
  return masked.length;
}

function isLibrary({ path }: SourceFile): boolean {
  return path.startsWith("src/") || path === "mod.ts";
}

/**
 * Checks the architecture: imports point down only and through `mod.ts`, no file or folder imports
 * itself through others, each outside thing is used by one file, and no literal is spread.
 * Prints every violation and ends with code 1 if there is any:
 * `deno run -R scripts/check_layers.ts [root]`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { checkCycles, checkFolderCycles } from "./layers/cycle_check.ts";
import {
  checkFunctionLengths,
  checkLength,
  checkLiteralSpreads,
  checkName,
  checkOutsideThings,
  checkSameNames,
} from "./layers/file_checks.ts";
import { checkImports } from "./layers/import_checks.ts";
import { readProject } from "./layers/project.ts";
import type { Violation } from "./layers/violation.ts";

/** Returns every violation in a project, by file. */
export async function findViolations(root: string): Promise<Violation[]> {
  const files = await readProject(root);
  const checks = [
    checkImports,
    checkOutsideThings,
    checkName,
    checkLength,
    checkFunctionLengths,
    checkLiteralSpreads,
  ];
  return [
    ...files.flatMap((file) => checks.flatMap((check) => check(file))),
    ...checkSameNames(files),
    ...checkCycles(files),
    ...checkFolderCycles(files),
  ];
}

/** Returns a violation as a line that editors can follow. */
export function formatViolation({ rule, path, line, message }: Violation): string {
  return `${path}:${line}: ${message} [${rule}]`;
}

if (import.meta.main) {
  const violations = await findViolations(
    Deno.args[0] ?? fileURLToPath(new URL("..", import.meta.url)),
  );
  for (const violation of violations) console.error(formatViolation(violation));
  if (violations.length > 0) Deno.exit(1);
}

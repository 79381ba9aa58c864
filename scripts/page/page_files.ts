/**
 * Writes `src/web/generated/page_files.ts` from the files in `src/web/page/`, so that the page
 * travels with the code however it is imported or compiled.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../src/web/page", import.meta.url));

/** The generated file. */
export const PAGE_FILES_PATH: string = fileURLToPath(
  new URL("../../src/web/generated/page_files.ts", import.meta.url),
);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Returns the generated module. */
export async function createPageModule(): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(SOURCE), ({ name }) => name);
  const entries = await Promise.all(
    names.sort().map(async (name) =>
      createEntry(name, await Deno.readTextFile(`${SOURCE}/${name}`))
    ),
  );
  return `// Generated from src/web/page/ by \`deno task generate\`; do not edit.

/** A file of the page. */
export interface PageFile {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}

/** Files of the page. */
export const PAGE_FILES: readonly PageFile[] = [
${entries.join("")}];
`;
}

function createEntry(name: string, text: string): string {
  const contentType = CONTENT_TYPES[name.slice(name.lastIndexOf(".") + 1)];
  if (contentType === undefined) throw new Error(`Cannot serve ${name}: its type is unknown`);
  const literal = text.replace(/[\\`]|\$\{/g, (found) => `\\${found}`);
  return `  {
    name: ${JSON.stringify(name)},
    contentType: ${JSON.stringify(contentType)},
    text: \`${literal}\`,
  },
`;
}

if (import.meta.main) await Deno.writeTextFile(PAGE_FILES_PATH, await createPageModule());

import { fileURLToPath } from "node:url";

/** Root folder of the project, without a final slash. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Fenced code block, or code in a comment that readers do not see. */
export interface CodeBlock {
  /** Path from the root of the project. */
  readonly path: string;
  /** Line of the code's first line, counted from 1. */
  readonly line: number;
  /** Title of the section around it; empty before the first one. */
  readonly section: string;
  /** First word after the fence, such as `ts`. */
  readonly language: string;
  /** Words after the language, such as `file=exporter.ts`. */
  readonly attributes: readonly string[];
  readonly code: string;
}

/** Returns the paths of all Markdown documents of the project. */
export async function listDocuments(): Promise<string[]> {
  const paths: string[] = [];
  const collect = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${folder}`)) {
      if (isDirectory) await collect(`${folder}${name}/`);
      else if (name.endsWith(".md")) paths.push(folder + name);
    }
  };
  for await (const { name } of Deno.readDir(ROOT)) if (name.endsWith(".md")) paths.push(name);
  await collect("docs/");
  return paths.sort();
}

/** Reads a file of the project. */
export async function readProjectFile(path: string): Promise<string> {
  return await Deno.readTextFile(`${ROOT}/${path}`);
}

const FENCE_OR_HEADING =
  /^(?:```(?<language>[^\s`]*)(?<rest>[^\n]*)\n(?<code>[^]*?)^```[ \t]*$|<!-- ts\n(?<hidden>[^]*?)^-->[ \t]*$|##+ (?<heading>.+)$)/gm;

/** Returns the code blocks of a document; `<!-- ts ... -->` holds code that is not shown. */
export function findBlocks(path: string, text: string): CodeBlock[] {
  let section = "";
  return [...text.matchAll(FENCE_OR_HEADING)].flatMap((match) => {
    const { language = "ts", rest = "", code, hidden, heading } = match.groups ?? {};
    if (heading !== undefined) {
      section = heading;
      return [];
    }
    return [{
      path,
      line: text.slice(0, match.index).split("\n").length + 1,
      section,
      language,
      attributes: rest.split(/\s+/).filter((word) => word !== ""),
      code: code ?? hidden ?? "",
    }];
  });
}

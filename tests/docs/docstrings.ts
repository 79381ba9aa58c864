import { type CodeBlock, ROOT } from "./markdown.ts";
import type { Program } from "./programs.ts";

const DOCSTRING = /\/\*\*(?:[^*]|\*(?!\/))*\*\//g;
const EXAMPLE = /^```ts(?<rest>[^\n]*)\n(?<code>[^]*?)^```/gm;
const EXPORT =
  /^export (?:async )?(?:abstract )?(?:function\*?|class|const|interface|type) (\w+)/gm;

/** Returns the paths of the files of the library, without generated ones. */
export async function listSources(): Promise<string[]> {
  const paths: string[] = ["mod.ts"];
  const collect = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${folder}`)) {
      if (isDirectory && name !== "generated") await collect(`${folder}${name}/`);
      else if (name.endsWith(".ts")) paths.push(folder + name);
    }
  };
  await collect("src/");
  return paths.sort();
}

/** Returns the code examples in the docstrings of a source. */
export function findExamples(path: string, source: string): CodeBlock[] {
  return [...source.matchAll(DOCSTRING)].flatMap((comment) => {
    const text = comment[0].replace(/^[ \t]*\* ?/gm, "");
    return [...text.matchAll(EXAMPLE)].map(({ index, groups }) => ({
      path,
      line: countLines(source, comment.index) + countLines(text, index),
      section: "",
      language: "ts",
      attributes: (groups?.rest ?? "").split(/\s+/).filter((word) => word !== ""),
      code: groups?.code ?? "",
    }));
  });
}

/**
 * Returns an example as a program. As with `deno test --doc`, relative imports begin at the
 * file, and exported names of the file that the example uses are imported.
 */
export function createExampleProgram(block: CodeBlock, source: string): Program {
  const exported = [...source.matchAll(EXPORT)].map(([, name = ""]) => name);
  const used = exported.filter((name) =>
    new RegExp(`\\b${name}\\b`).test(block.code) && !isDeclared(name, block.code)
  );
  const prologue = used.length === 0
    ? ""
    : `import { ${used.join(", ")} } from "file://${ROOT}/${block.path}";`;
  const code = block.code.replace(
    /(?<=^import [^;]*from )"(\.[^"]*)"/gm,
    (_, specifier: string) => `"${new URL(specifier, `file://${ROOT}/${block.path}`).href}"`,
  );
  return { title: `${block.path}:${block.line}`, blocks: [{ ...block, code }], prologue };
}

function isDeclared(name: string, code: string): boolean {
  return new RegExp(
    `\\bimport\\s[^;]*\\b${name}\\b[^;]*;|\\b(?:const|class|function|interface|type) ${name}\\b`,
  ).test(code);
}

function countLines(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

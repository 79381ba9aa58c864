import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { testEtcd } from "../support/etcd.ts";
import { type CodeBlock, findBlocks, listDocuments, readProjectFile, ROOT } from "./markdown.ts";
import { type Program, runPrograms } from "./programs.ts";

/**
 * Languages of blocks that are not run here: commands, output, and other programs. Those in
 * JavaScript are run by `deno task test:runtimes`.
 */
const NOT_RUN = "js sh console text json xml http mermaid python java yaml ini".split(" ");

const documents = new Map<string, string>();
for (const path of await listDocuments()) documents.set(path, await readProjectFile(path));
const blocks = [...documents].flatMap(([path, text]) => findBlocks(path, text));

/**
 * Returns the programs of the documents. A section, and in it a block with imports, begins a
 * program; blocks without imports continue it. Blocks with a file name run elsewhere.
 */
function createPrograms(blocks: readonly CodeBlock[]): Program[] {
  const programs: { title: string; blocks: CodeBlock[] }[] = [];
  for (const block of blocks) {
    const { path, line, section, language, attributes, code } = block;
    if (language !== "ts" || attributes.length > 0) continue;
    const last = programs.at(-1);
    const [first] = last?.blocks ?? [];
    const continues = first?.path === path && first.section === section && !/^import /m.test(code);
    if (continues) last?.blocks.push(block);
    else programs.push({ title: `${path}:${line} ${section}`, blocks: [block] });
  }
  return programs;
}

Deno.test("Each code block of the documents is run or has a language that is not run", () => {
  const unknown = blocks.filter(({ language, attributes }) =>
    language === "ts"
      ? attributes.some((attribute) => !attribute.startsWith("file="))
      : !NOT_RUN.includes(language)
  );
  assert.deepEqual(unknown.map(({ path, line, language }) => `${path}:${line} ${language}`), []);
});

Deno.test("The TypeScript blocks of the documents run and print what they say", async () => {
  await using one = await testEtcd();
  await using other = await testEtcd();
  const programs = createPrograms(blocks);
  const { success, output } = await runPrograms(programs, [one.endpoint, other.endpoint]);
  assert.ok(success, output);
});

Deno.test("A block that throws, or prints something else, fails", async () => {
  const program = (code: string): Program => {
    return { title: "x", blocks: findBlocks("x.md", `\`\`\`ts\n${code}\n\`\`\`\n`) };
  };
  const run = async (code: string) => (await runPrograms([program(code)], ["localhost:1"])).success;
  assert.ok(await run('console.log("a", 1); // a 1'));
  assert.ok(!await run('console.log("a", 2); // a 1'));
  assert.ok(!await run('throw new Error("no");'));
  assert.ok(!await run('const text: number = "no";'));
});

Deno.test("A section and a block with imports begin a program, other blocks continue it", () => {
  const fence = (code: string) => `\`\`\`ts\n${code}\n\`\`\`\n`;
  const text = `# A\n${fence("import a from 'a';")}<!-- ts\na();\n-->\n${fence("b();")}` +
    `${fence("import c from 'c';")}## D\n${fence("d();")}`;
  const programs = createPrograms(findBlocks("x.md", text));
  assert.deepEqual(
    programs.map(({ title, blocks }) => [title, blocks.map(({ code }) => code.trim())]),
    [
      ["x.md:3 ", ["import a from 'a';", "a();", "b();"]],
      ["x.md:12 ", ["import c from 'c';"]],
      ["x.md:16 D", ["d();"]],
    ],
  );
});

Deno.test("Links between the documents lead to files and headings", () => {
  const broken: string[] = [];
  for (const [path, text] of documents) {
    for (const [, link = ""] of text.replace(/```[^]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (!doesExist(target) || !hasAnchor(target, anchor)) broken.push(`${path}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("Commands in the documents name tasks and files that exist", async () => {
  const { tasks } = JSON.parse(await readProjectFile("deno.json"));
  const commands = blocks.filter(({ language }) => language === "sh" || language === "console");
  const missing = commands.flatMap(({ code }) => [
    ...[...code.matchAll(/\bdeno task ([\w:]+)/g)].map(([, name = ""]) => name)
      .filter((name) => tasks[name] === undefined),
    ...[...code.matchAll(/\b(?:examples|scripts)\/[\w./]+/g)].map(([file]) => file)
      .filter((file) => !doesExist(file)),
  ]);
  assert.deepEqual(missing, []);
});

function doesExist(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch {
    return false; // there is no such file
  }
}

/** Whether a document has a heading with an anchor, as GitHub makes them. */
function hasAnchor(path: string, anchor: string | undefined): boolean {
  if (anchor === undefined) return true;
  const headings = (documents.get(path) ?? "").matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, title = ""]) =>
    title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-") === anchor
  );
}

Deno.test("docs/decisions/README.md lists every decision with its title", () => {
  const list = documents.get("docs/decisions/README.md") ?? "";
  const pages = [...documents].filter(([path]) => /^docs\/decisions\/\d/.test(path));
  const numbers = pages.map(([path]) => path.slice("docs/decisions/".length).slice(0, 4));
  assert.equal(new Set(numbers).size, pages.length, "two decisions have one number");
  for (const [path, text] of pages) {
    const title = /^# (.+)$/m.exec(text)?.[1];
    assert.ok(list.includes(`[${title}](${path.split("/").at(-1)})`), path);
  }
});

Deno.test("docs/architecture.md has a row for each folder of src/", async () => {
  const page = documents.get("docs/architecture.md") ?? "";
  const folders = await Array.fromAsync(Deno.readDir(`${ROOT}/src`), ({ name }) => name);
  const rows = [...page.matchAll(/^\| \d +\| `src\/(\w+)\/`/gm)].map(([, name]) => name);
  assert.deepEqual(rows.sort(), folders.sort());
});

Deno.test("CONTRIBUTING.md has a row for each task", async () => {
  const { tasks } = JSON.parse(await readProjectFile("deno.json"));
  const page = documents.get("CONTRIBUTING.md") ?? "";
  const rows = [...page.matchAll(/^\| `([\w:]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(rows.sort(), Object.keys(tasks).sort());
});

Deno.test("README.md links to every page of docs/", () => {
  const readme = documents.get("README.md") ?? "";
  const pages = [...documents.keys()].filter((path) => /^docs\/[^/]+$/.test(path));
  assert.deepEqual(pages.filter((path) => !readme.includes(`(${path})`)), []);
});

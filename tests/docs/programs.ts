import { freePort } from "../../scripts/etcd_process.ts";
import { type CodeBlock, ROOT } from "./markdown.ts";

/** Program that is made of the code blocks of a section, or of one docstring. */
export interface Program {
  readonly title: string;
  readonly blocks: readonly CodeBlock[];
  /** Statements that come before the code, such as imports that a docstring leaves out. */
  readonly prologue?: string;
}

const IMPORT = /^import\s[^;]*;\n?/gm;
const EXPECTED_OUTPUT = /console\.log\([^\n]*\);? \/\/ (.+)$/gm;

/**
 * Replaces the addresses that the documents use by addresses of this run: etcd at
 * `localhost:2379`, and servers at the ports 8000 and 8181 to 8189.
 */
export function replaceAddresses(code: string, etcdEndpoint: string): string {
  const ports = new Map<string, string>();
  const replaced = (port: string) => {
    const free = ports.get(port) ?? String(freePort());
    ports.set(port, free);
    return free;
  };
  return code
    .replace(/(?:localhost|127\.0\.0\.1):2379\b/g, etcdEndpoint)
    .replace(/(?<=(?:localhost|127\.0\.0\.1):|\bport: |--http-port )(?:8000|818\d)\b/g, replaced);
}

/** Returns a test module that runs a program and compares what it prints with its comments. */
export function createTestModule({ title, blocks, prologue = "" }: Program): string {
  const code = blocks.map((block) => `// ${block.path}:${block.line}\n${block.code}`).join("\n");
  const imports = [...code.matchAll(IMPORT)].map(([statement]) => statement.trim());
  const expected = [...code.matchAll(EXPECTED_OUTPUT)].map(([, text]) => text);
  const body = code.replace(IMPORT, "");
  return `import assert_ from "node:assert/strict";
${prologue}
${imports.join("\n")}
Deno.test(${JSON.stringify(title)}, async () => {
  const printed_: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void printed_.push(
    values.map((value) => typeof value === "string" ? value : Deno.inspect(value)).join(" "),
  );
  try {
    await (async () => {
${body}
    })();
  } finally {
    console.log = log;
  }
  const expected_: string[] = ${JSON.stringify(expected)};
  assert_.deepEqual(printed_.filter((line) => expected_.includes(line)), expected_, printed_.join("\\n"));
});
`;
}

/** Outcome of {@link runPrograms}. */
export interface Outcome {
  readonly success: boolean;
  readonly output: string;
}

/**
 * Checks the types of programs, then runs them as tests in processes of their own: one for
 * each etcd, since programs find each other's services. They wait more than they compute.
 */
export async function runPrograms(
  programs: readonly Program[],
  etcdEndpoints: readonly string[],
): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "etcd3-docs-" });
  try {
    const names: string[][] = etcdEndpoints.map(() => []);
    for (const [index, program] of programs.entries()) {
      const turn = index % etcdEndpoints.length;
      const name = `${folder}/program_${index}_test.ts`;
      const source = replaceAddresses(createTestModule(program), etcdEndpoints[turn] ?? "");
      await Deno.writeTextFile(name, source);
      names[turn]?.push(name);
    }
    const checked = await runDeno(["check", ...names.flat()]);
    if (!checked.success) return checked;
    const runs = names.map((own) => runDeno(["test", "--allow-all", "--no-check", ...own]));
    const outcomes = await Promise.all(runs);
    return outcomes.find(({ success }) => !success) ?? { success: true, output: "" };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runDeno([command = "", ...args]: readonly string[]): Promise<Outcome> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--quiet", `--config=${ROOT}/deno.json`, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return { success, output };
}

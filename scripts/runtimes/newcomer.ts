/**
 * Follows the documents as a newcomer: in fresh folders, with the commands that they state, on
 * each runtime.
 *
 * @module
 */
import { type CodeBlock, findBlocks, readProjectFile } from "../../tests/docs/markdown.ts";
import { replaceAddresses } from "../../tests/docs/programs.ts";
import { startEtcd } from "../etcd_process.ts";
import { LineProcess } from "../line_process.ts";
import type { PackedPackage } from "../npm/build.ts";
import { PROJECT, ROOT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import type { Counts, Step } from "./step.ts";
import { createToolPath } from "./tool_path.ts";

/** Documents that are followed. */
interface Documents {
  readonly readme: string;
  /** The page about the runtimes. */
  readonly page: string;
}

/** Folder of a newcomer, and what is known in it. */
interface Place {
  readonly folder: string;
  readonly runtime: Runtime;
  readonly environment: Readonly<Record<string, string>>;
  readonly etcdEndpoint: string;
}

/** Steps that follow the documents, one for each runtime. */
export async function createNewcomerSteps(
  runtimes: readonly Runtime[],
  etcd: string,
  packed: PackedPackage,
): Promise<Step[]> {
  const documents = {
    readme: await readProjectFile("README.md"),
    page: await readProjectFile("docs/runtimes.md"),
  };
  return runtimes.map((runtime) => ({
    name: `documents followed with ${runtime.name}`,
    run: () => followDocuments(runtime, documents, { etcd, archive: packed.path }),
  }));
}

async function followDocuments(
  runtime: Runtime,
  { readme, page }: Documents,
  { etcd: binary, archive }: { readonly etcd: string; readonly archive: string },
): Promise<Counts> {
  await using etcd = await startEtcd(binary);
  const folder = await Deno.makeTempDir({ prefix: "etcd3-newcomer-" });
  try {
    const environment = await createToolPath(runtime);
    const place = { folder, runtime, environment, etcdEndpoint: etcd.endpoint };
    const install = findBlocks("README.md", readme);
    const isDeno = runtime.id === "deno";
    if (isDeno) await linkClone(place, install);
    else await installArchive(place, install, archive);
    await runExample(place, install, { language: "ts", command: findCommand(readme, runtime) });
    if (isDeno) return { passed: 1, failed: 0 };

    const blocks = findBlocks("docs/runtimes.md", page);
    await runExample(place, blocks, { language: "js", command: `${runtime.program} ` });
    for (const line of findShellLines(blocks, runtime, "Command line")) {
      const output = await runShell(place, line);
      if (!output.includes("Usage")) throw new Error(`${line} printed ${output}`);
    }
    return { passed: 3, failed: 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the `deno.json` of the README, with the path of this clone. */
async function linkClone({ folder }: Place, blocks: readonly CodeBlock[]): Promise<void> {
  const config = blocks.find(({ language, section }) =>
    language === "json" && section === "Install"
  );
  const text = config?.code.replace('"../etcd3"', JSON.stringify(ROOT)) ?? "";
  await Deno.writeTextFile(`${folder}/deno.json`, text);
}

/** Runs the commands of the README that install the package, with its archive. */
async function installArchive(
  place: Place,
  blocks: readonly CodeBlock[],
  archive: string,
): Promise<void> {
  const lines = findShellLines(blocks, place.runtime, "Install");
  for (const line of lines) await runShell(place, line.replace(PROJECT.name, archive));
}

/** Returns the lines of a section's commands after the comment with the name of a runtime. */
function findShellLines(blocks: readonly CodeBlock[], runtime: Runtime, section: string): string[] {
  const [name = ""] = runtime.name.split(" ");
  const commands = new RegExp(`^# ${name}\\n((?:[^#\\n].*\\n)+)`, "m");
  for (const block of blocks) {
    if (block.language !== "sh" || block.section !== section) continue;
    const part = commands.exec(block.code)?.[1];
    if (part !== undefined) return part.trim().split("\n");
  }
  throw new Error(`${section} has no commands for ${name}`);
}

/** Returns the begin of the commands that run the programs of the README. */
function findCommand(readme: string, { program }: Runtime): string {
  const [, command] = new RegExp(`(?:\\$ |\`)(${program} (?:run [^\`\\n]*)?)exporter\\.ts`)
    .exec(readme) ?? [];
  if (command === undefined) throw new Error(`README.md has no command for ${program}`);
  return command;
}

/** Writes the two programs of a document, runs them, and compares what they print. */
async function runExample(
  place: Place,
  blocks: readonly CodeBlock[],
  { language, command }: { readonly language: string; readonly command: string },
): Promise<void> {
  const { folder, environment, etcdEndpoint } = place;
  for (const { attributes: [attribute = ""], code } of blocks) {
    if (!attribute.startsWith("file=")) continue;
    const file = `${folder}/${attribute.slice("file=".length)}`;
    await Deno.writeTextFile(file, replaceAddresses(code, etcdEndpoint));
  }
  const [exporter, consumer] = [`exporter.${language}`, `consumer.${language}`];
  const run = ["-c", `exec ${command}${exporter}`];
  await using exporting = new LineProcess(exporter, "sh", run, { cwd: folder, env: environment });
  await exporting.line(findTranscript(blocks, exporter).trim());
  const printed = await runShell(place, `${command}${consumer}`);
  expectEqual(`output of ${consumer}`, printed, findTranscript(blocks, consumer));
  exporting.kill("SIGINT");
  expectEqual(`exit code of ${exporter}`, await exporting.exit(), 0);
}

/** Returns the output of a program according to a document. */
function findTranscript(blocks: readonly CodeBlock[], program: string): string {
  const transcript = blocks.find(({ language, code }) =>
    language === "console" && code.split("\n")[0]?.endsWith(` ${program}`)
  );
  return transcript?.code.slice(transcript.code.indexOf("\n") + 1) ?? `no transcript of ${program}`;
}

async function runShell({ folder, environment }: Place, line: string): Promise<string> {
  return await runTool("sh", ["-c", line], folder, environment);
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`The ${what} is ${found} instead of ${expected}`);
}

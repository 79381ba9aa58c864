import { findBlocks, readProjectFile } from "../../tests/docs/markdown.ts";
import { CACHE_FOLDER } from "../npm/project.ts";
import { NODE_24, type Runtime, runTool } from "../npm/tools.ts";
import { MODULES_OF_ALL, PROGRAM_FOLDER } from "./installation.ts";
import type { Step } from "./step.ts";

/**
 * Program with all modules that need no package of the program's own. It calls a service of its
 * own, and asks for an etcd that is not there, for which grpc-js is loaded.
 */
const PROGRAM = `
${MODULES_OF_ALL.map((name, index) => `import * as module${index} from "${name}";`).join("\n")}
const modules = [${MODULES_OF_ALL.map((_, index) => `module${index}`).join(", ")}];
const { EtcdClient, memory, remoteServices } = Object.assign({}, ...modules);

async function main() {
  const discovery = [memory()];
  const host = await remoteServices({ discovery, http: { port: 0 } });
  const peer = await remoteServices({ discovery });
  await host.register("com.example.Greeter", { greet: (name) => "Hello " + name });
  const greeter = await peer.service("com.example.Greeter");
  console.log(await greeter.greet("you"));
  await peer.close();
  await host.close();
  const client = new EtcdClient({ endpoints: "127.0.0.1:1" });
  console.log(await client.connect().catch(({ code }) => code));
  await client.close();
}
main();
`;

const PRINTED = "Hello you\nunavailable\n";

/** Steps that bundle a program as the documents say, and with Bun, and run the bundles. */
export async function createBundlerSteps(runtimes: readonly Runtime[]): Promise<Step[]> {
  const blocks = findBlocks("docs/runtimes.md", await readProjectFile("docs/runtimes.md"));
  const block = blocks.find(({ section, language }) => section === "Bundlers" && language === "sh");
  const commands = block?.code.replaceAll("\\\n", "").trim().split("\n") ?? [];
  if (commands.length === 0) throw new Error("docs/runtimes.md has no commands of bundlers");
  return [{
    name: "bundles of esbuild and Bun",
    run: async () => {
      await Deno.writeTextFile(`${PROGRAM_FOLDER}/program.js`, PROGRAM);
      const nodes = runtimes.filter(({ program }) => program === "node");
      const buns = runtimes.filter(({ program }) => program === "bun");
      for (const command of commands) await runBundle(await bundle(command), nodes);
      for (const { path } of buns) {
        const args = ["build", "program.js", "--target=bun", "--outfile=program.bun.js"];
        await runTool(path, args, PROGRAM_FOLDER);
        await runBundle("program.bun.js", buns);
      }
      return { passed: commands.length * nodes.length + buns.length, failed: 0 };
    },
  }];
}

/** Runs a command with esbuild; returns the file that it writes. */
async function bundle(command: string): Promise<string> {
  const esbuild = `${NODE_24.path} ${CACHE_FOLDER}/node_modules/esbuild/bin/esbuild`;
  const [, file] = /--outfile=(\S+)/.exec(command) ?? [];
  if (file === undefined) throw new Error(`${command} names no outfile`);
  await runTool("sh", ["-c", command.replace(/^esbuild/, esbuild)], PROGRAM_FOLDER);
  return file;
}

async function runBundle(file: string, runtimes: readonly Runtime[]): Promise<void> {
  for (const { name, path } of runtimes) {
    const printed = await runTool(path, [file], PROGRAM_FOLDER);
    if (printed !== PRINTED) throw new Error(`${file} on ${name} prints ${printed}`);
  }
}

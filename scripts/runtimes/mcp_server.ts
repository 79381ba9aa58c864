import { CACHE_FOLDER, PACKAGE_FOLDER, PROJECT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import { startEtcd } from "../etcd_process.ts";
import type { Step } from "./step.ts";

/** Place of the package beside the SDK of MCP, which is one of the tools. */
const FOLDER = `${CACHE_FOLDER}/with_sdk/node_modules/${PROJECT.name}`;

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

/** Steps that run the command `mcp` of the package where the SDK of MCP is installed. */
export async function createMcpSteps(runtimes: readonly Runtime[], etcd: string): Promise<Step[]> {
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {}); // the first run
  await Deno.mkdir(FOLDER, { recursive: true });
  await runTool("cp", ["-r", `${PACKAGE_FOLDER}/.`, FOLDER], CACHE_FOLDER);
  return runtimes.map((runtime) => ({
    name: `MCP server on ${runtime.name}`,
    run: async () => {
      await initialize(runtime, etcd);
      return { passed: 1, failed: 0 };
    },
  }));
}

/** Sends the first message of a client, and expects the answer of the server. */
async function initialize({ name, path }: Runtime, binary: string): Promise<void> {
  await using etcd = await startEtcd(binary);
  const process = new Deno.Command(path, {
    args: [
      `${FOLDER}/bin/remote-services.js`,
      "mcp",
      "--filter=(objectClass=*)",
      `--etcd=${etcd.endpoint}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${JSON.stringify(INITIALIZE)}\n`));
  await input.close();
  const { stdout, stderr } = await process.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!out?.includes('"serverInfo"')) throw new Error(`MCP on ${name} answers ${out}${err}`);
}

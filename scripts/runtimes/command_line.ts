import { startEtcd } from "../etcd_process.ts";
import { LineProcess } from "../line_process.ts";
import { PROJECT } from "../npm/project.ts";
import type { Runtime } from "../npm/tools.ts";
import { PROGRAM_FOLDER } from "./installation.ts";

/** One use of the command line, and what it has to print. */
interface Use {
  readonly args: readonly string[];
  readonly code: number;
  readonly out: RegExp;
  readonly err: RegExp;
}

const NOTHING = /^$/;

/** Uses that fail. */
function listFailures(where: readonly string[]): readonly Use[] {
  return [
    {
      args: ["mcp", "--filter", "(zone=eu)", ...where],
      code: 1,
      out: NOTHING,
      err: /^error: .*@modelcontextprotocol\/sdk is missing; install it\n$/,
    },
    { args: ["endpoint", ...where], code: 2, out: NOTHING, err: /did you mean endpoints\?\n$/ },
    {
      args: ["endpoints", "--etcd", "127.0.0.1:1"],
      code: 1,
      out: NOTHING,
      err: /^error: Cannot connect to etcd at 127\.0\.0\.1:1: /,
    },
  ];
}

/** Uses of the command line for an etcd with the endpoint of one exporter. */
function listUses(etcd: string): readonly Use[] {
  const where = ["--etcd", etcd];
  const call = ["call", "com.example.Greeter"];
  return [
    {
      args: ["--version"],
      code: 0,
      out: RegExp(`^remote-services ${RegExp.escape(PROJECT.version)}\n$`),
      err: NOTHING,
    },
    {
      args: ["endpoints", ...where],
      code: 0,
      out: /^ENDPOINT .*\n\S+ +com\.example\.Greeter .*\n$/,
      err: NOTHING,
    },
    { args: ["ping", ...where, "--json"], code: 0, out: /"reachable": true/, err: NOTHING },
    {
      args: [...call, "greet", '["you"]', ...where],
      code: 0,
      out: /^"Hello you, this is one"\n$/,
      err: NOTHING,
    },
    { args: [...call, "nothing", ...where], code: 1, out: NOTHING, err: /^error: .*greet.*\n$/ },
    {
      args: ["watch", "--count", "1", "--json", ...where],
      code: 0,
      out: /^\{.*"type":"added".*\}\n$/,
      err: NOTHING,
    },
    { args: ["doctor", ...where], code: 0, out: /\n0 errors, \d warnings?\n$/, err: NOTHING },
    ...listFailures(where),
  ];
}

/**
 * Uses the command line of the installed package on a runtime, with a real etcd.
 *
 * @returns the number of uses
 * @throws {Error} on the first one that prints something else, or ends with another exit code
 */
export async function testCommandLine(runtime: Runtime, binary: string): Promise<number> {
  const { name, path } = runtime;
  await using etcd = await startEtcd(binary);
  const args = ["exporter.ts", etcd.endpoint, "one"];
  await using exporter = new LineProcess(`exporter on ${name}`, path, args, {
    cwd: PROGRAM_FOLDER,
  });
  await exporter.line("exported");
  const uses = listUses(etcd.endpoint);
  for (const use of uses) await check(runtime, use);
  exporter.kill("SIGTERM");
  const code = await exporter.exit();
  if (code !== 0) throw new Error(`The exporter on ${name} ended with ${code} instead of 0`);
  return uses.length;
}

async function check({ name, path }: Runtime, { args, ...expected }: Use): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["node_modules/.bin/remote-services", ...args],
    cwd: PROGRAM_FOLDER,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code === expected.code && expected.out.test(out) && expected.err.test(err)) return;
  throw new Error(
    `remote-services ${args.join(" ")} on ${name} ended with ${code} instead of ` +
      `${expected.code}, or printed something else:\n${out}${err}`,
  );
}

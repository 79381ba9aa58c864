/**
 * The program `remote-services`: inspects and debugs the services in an etcd.
 *
 * ```sh
 * deno run --allow-net --allow-env --allow-read jsr:@remote-services/etcd3/cli endpoints
 * ```
 *
 * Results go to the standard output, everything else to the standard error. The exit code
 * is 0, 1 for a failure, 2 for wrong use, 130 after an interruption.
 *
 * @module
 */
import { toMessage } from "../util/mod.ts";
import { COMMANDS } from "./commands/mod.ts";
import { EXIT_CODES } from "./errors.ts";
import { runProgram } from "./program.ts";
import { StandardIo } from "./output/mod.ts";

/**
 * Runs the program with the arguments, streams and signals of this process, and ends it with
 * the exit code.
 *
 * @param args arguments after the name of the program @default those of this process
 * @example
 * ```ts ignore
 * import { runCli } from "@remote-services/etcd3/cli";
 *
 * await runCli(["endpoints", "--json"]);
 * ```
 */
export async function runCli(args?: readonly string[]): Promise<never> {
  const io = new StandardIo();
  io.listen();
  const code = await runProgram(args ?? io.args, io, COMMANDS);
  switch (io.outputState.kind) {
    case "open":
      return await io.exit(code);
    case "closed":
      return await io.exit(EXIT_CODES.success);
    case "failed":
      await io.stderr.write(`error: Cannot write: ${toMessage(io.outputState.error)}\n`);
      return await io.exit(EXIT_CODES.failure);
  }
}

export { VERSION } from "../util/mod.ts";

if (import.meta.main) await runCli();

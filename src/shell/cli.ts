/**
 * The shell's commands from the command line:
 *
 * ```sh
 * deno run --allow-net --allow-env=GRPC_* jsr:@remote-services/etcd3/cli endpoints --etcd localhost:2379 --json
 * ```
 *
 * Without a command it starts the shell. The exit code is 0, 1 if the command failed or
 * etcd cannot be reached, 2 for wrong usage, 130 after Ctrl-C.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { remoteServices } from "../host/mod.ts";
import { toMessage } from "../util/mod.ts";
import { Shell } from "./shell.ts";
import { Terminal } from "./terminal.ts";

const HELP = `Shows and calls the remote services that an etcd knows.

Usage: cli [options] [command [arguments]]
Without a command it starts the shell; "help" lists the commands.

  --etcd HOST:PORT[,...]  etcd (localhost:2379)
  --top-key NAME          root of all keys in etcd (that of iPOPO and ECF)
  --timeout SECONDS       longest wait for etcd (5)
  --json                  listings as JSON
  --help                  this help`;

interface Options {
  readonly etcd: string;
  readonly topKey: string | undefined;
  readonly timeoutMs: number;
  /** Command with its arguments; empty for the shell. */
  readonly words: readonly string[];
}

/**
 * Parses the arguments; returns `undefined` if help is asked for.
 *
 * @throws {TypeError} if an argument is unknown or invalid
 */
function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      etcd: { type: "string", default: "localhost:2379" },
      "top-key": { type: "string" },
      timeout: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new TypeError(`Cannot wait ${values.timeout} seconds: give a number up to 86400`);
  }
  const [name] = positionals;
  if (name !== undefined && !Shell.names.includes(name.toLowerCase())) {
    throw new TypeError(`Unknown command ${name}: see help`);
  }
  return {
    etcd: values.etcd,
    topKey: values["top-key"],
    timeoutMs: seconds * 1000,
    words: values.json ? [...positionals, "--json"] : positionals,
  };
}

/** Runs the command, or the shell; returns whether it succeeded. */
async function execute(options: Options, terminal: Terminal, signal: AbortSignal) {
  const { etcd: endpoints, topKey, timeoutMs, words } = options;
  const etcd = {
    endpoints,
    callTimeoutMs: timeoutMs,
    ...(topKey === undefined ? {} : { topKey }),
  };
  await using host = await remoteServices({ etcd, signal });
  using shell = new Shell(host);
  if (words.every((word) => word === "--json")) return await terminal.run(shell, { signal });
  return await shell.run(words, { write: (text) => terminal.write(text), signal });
}

async function main(args: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  const interrupted = new AbortController();
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      terminal.write(`${HELP}\n`);
      return 0;
    }
    terminal.onOutputClosed(() => process.exit(0));
    using _interrupt = terminal.onInterrupt(() => interrupted.abort());
    return await execute(options, terminal, interrupted.signal) ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    const isMisuse = error instanceof TypeError || error instanceof RangeError;
    terminal.writeError(toMessage(error));
    return isMisuse ? 2 : 1;
  }
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));

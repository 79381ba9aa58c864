/**
 * The shell's commands from the command line:
 *
 * ```sh
 * deno run --allow-net --allow-env=GRPC_* jsr:@remote-services/etcd3/cli endpoints --etcd localhost:2379 --json
 * ```
 *
 * Without a command it starts the shell. It ends with code 0 when all went well, 1 when
 * the command failed or etcd is not there, 2 when it was called wrongly.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { messageOf } from "../util/mod.ts";
import { remoteServices } from "../host/mod.ts";
import { Shell } from "./shell.ts";
import { Terminal } from "./terminal.ts";

const HELP = `Shows and calls the remote services that are known to an etcd.

Usage: cli [options] [command [arguments]]
Without a command it starts the shell; "help" lists the commands.

  --etcd HOST:PORT[,...]  etcd (localhost:2379)
  --top-key NAME          root of all keys in etcd (that of iPOPO and ECF)
  --timeout SECONDS       longest time to wait for etcd (5)
  --json                  listings as JSON
  --help                  this text`;

interface Options {
  readonly etcd: string;
  readonly topKey: string | undefined;
  readonly timeoutMs: number;
  readonly words: readonly string[];
}

/** What the arguments ask for; undefined for help. */
function readOptions(args: readonly string[]): Options | undefined {
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
    throw new TypeError(`Cannot wait ${values.timeout} seconds: give 86400 at most`);
  }
  return {
    etcd: values.etcd,
    topKey: values["top-key"],
    timeoutMs: seconds * 1000,
    words: values.json ? [...positionals, "--json"] : positionals,
  };
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${HELP}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const { etcd, topKey, timeoutMs, words } = options;
  const [name] = words.filter((word) => word !== "--json");
  if (name !== undefined && !Shell.names.includes(name.toLowerCase())) {
    process.stderr.write(`Unknown command ${name}: see help\n`);
    return 2;
  }
  // Whoever reads the output may have enough of it, as `head` has.
  process.stdout.on("error", () => process.exit(0));
  const interrupted = new AbortController();
  process.on("SIGINT", () => interrupted.abort());
  try {
    await using host = await remoteServices({
      etcd: {
        endpoints: etcd,
        callTimeoutMs: timeoutMs,
        ...(topKey === undefined ? {} : { topKey }),
      },
      signal: interrupted.signal,
    });
    const shell = new Shell(host);
    if (name === undefined) {
      return await new Terminal().run(shell, { signal: interrupted.signal }) ? 0 : 1;
    }
    const isWell = await shell.run(words, {
      write: (text) => void (process.stdout.write(text)),
      signal: interrupted.signal,
    });
    return isWell ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    const isMisuse = error instanceof TypeError || error instanceof RangeError;
    process.stderr.write(`${messageOf(error)}\n`);
    return isMisuse ? 2 : 1;
  }
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));

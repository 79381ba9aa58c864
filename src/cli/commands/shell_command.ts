import { remoteServices } from "../../host/mod.ts";
import { Shell, Terminal } from "../../shell/mod.ts";
import {
  CALL_OPTIONS,
  CONNECTION_OPTIONS,
  createConnectionLogger,
  readCallSettings,
  readConnection,
} from "../connection/mod.ts";
import type { CliCommand } from "../cli_command.ts";

/** Starts the shell, or runs one of its commands. */
export const shellCommand: CliCommand = {
  name: "shell",
  usage: "[COMMAND [ARGUMENTS]]",
  maxWords: Infinity,
  summary: "Starts the interactive shell, or runs one command of it.",
  details: [
    'The shell has the commands of iPOPO and ECF; "help" lists them. It observes: nothing is',
    "written to etcd, and nothing can be exported, unless --join is given.",
  ],
  options: [
    { name: "join", summary: "take part with a session, so that services can be exported" },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: ["shell", "shell listimports --json"],
  complete: ({ words }) => words.length === 0 ? Shell.names : [],
  async run(context) {
    const { args, output, signal } = context;
    const { etcd, topKey, timeoutMs } = await readConnection(context);
    const client = await readCallSettings(context);
    await using host = await remoteServices({
      etcd: { ...etcd, topKey, observe: !args.has("join") },
      client,
      timeoutMs,
      signal,
      logger: createConnectionLogger(output, { etcd, topKey, isObserver: !args.has("join") }),
    });
    using shell = new Shell(host);
    const [name] = args.words;
    if (name === undefined) return await new Terminal().run(shell, { signal });
    const words = output.isJson ? [...args.words, "--json"] : args.words;
    const isDone = await shell.run(words, {
      write: (text) => void output.write(text),
      writeError: (text) => void output.writeError(text.trimEnd()),
      signal,
    });
    return isDone && host.health.state !== "denied"; // where etcd lists nothing, a list is wrong
  },
};

import { remoteServices } from "../../host/mod.ts";
import { isLoopbackHost } from "../../http/mod.ts";
import { pause, toMessage, toPrintable } from "../../util/mod.ts";
import { webPage } from "../../web/mod.ts";
import { type Authenticate, basicAuth } from "../../xmlrpc/mod.ts";
import {
  CALL_OPTIONS,
  CONNECTION_OPTIONS,
  createConnectionLogger,
  readCallSettings,
  readConnection,
  readOptionFile,
} from "../connection/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import { UsageError } from "../errors.ts";

const group = "Page";
const DEFAULT_PORT = 8189;

/** Serves the live page. */
export const pageCommand: CliCommand = {
  name: "page",
  summary: "Serves a live page of the endpoints for a browser, until Ctrl-C.",
  details: [
    "Only this machine can reach the page, unless --host is another address. Then --users-file",
    "is required: a file with NAME:PASSWORD in each line. With --allow-calls, whoever sees the",
    "page may call every service.",
  ],
  options: [
    {
      name: "port",
      value: "PORT",
      summary: `port of the page, 0 for any (${DEFAULT_PORT})`,
      group,
    },
    { name: "host", value: "ADDRESS", summary: "address to listen on (127.0.0.1)", group },
    { name: "title", value: "TEXT", summary: "title of the page", group },
    { name: "allow-calls", summary: "a form that calls methods", group },
    {
      name: "users-file",
      value: "FILE",
      summary: "names and passwords of those who may see the page",
      complete: "file",
      group,
    },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: ["page", "page --port 9000 --allow-calls --etcd node-1:2379"],
  async run(context) {
    const { args, output, signal } = context;
    const title = args.get("title");
    const hostname = (args.get("host") ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1");
    const http = { hostname, port: readPort(args.get("port")) };
    const authenticate = await readUsers(context);
    if (authenticate === undefined && !isLoopbackHost(http.hostname)) {
      throw new UsageError(
        `Cannot serve the page at ${toPrintable(http.hostname, 100)}: other machines could see ` +
          "it; give --users-file",
      );
    }
    const client = await readCallSettings(context);
    const { etcd, topKey } = await readConnection(context);
    const logger = createConnectionLogger(output, { etcd, topKey });
    await using host = await remoteServices({
      etcd: { ...etcd, topKey, observe: true, startOffline: true },
      client,
      logger,
      signal,
      drainMs: 0,
    });
    await using page = await webPage(host, {
      http,
      allowCalls: args.has("allow-calls"),
      logger,
      ...(title === undefined ? {} : { title }),
      ...(authenticate === undefined ? {} : { authenticate }),
    });
    if (output.isJson) await output.writeJsonLine({ url: page.url });
    else await output.writeLine(`The page is at ${page.url}`);
    await pause(Infinity, signal);
  },
};

function readPort(text = `${DEFAULT_PORT}`): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`Cannot use --port ${toPrintable(text, 40)}: give 0 to 65535`);
}

/**
 * Reads the users who may see the page; without the option, everyone may. No message contains a
 * password.
 */
async function readUsers(context: CliContext): Promise<Authenticate | undefined> {
  const file = context.args.get("users-file");
  if (file === undefined) return undefined;
  const text = new TextDecoder().decode(await readOptionFile(context, "--users-file", file));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const users = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)];
  });
  const isValid = users.length > 0 && users.every(([name, password]) => name && password);
  if (!isValid) {
    throw new UsageError("Cannot use the file of --users-file: give NAME:PASSWORD in each line");
  }
  try {
    return basicAuth(Object.fromEntries(users), "live page");
  } catch (cause) {
    throw new UsageError(toMessage(cause), { cause });
  }
}

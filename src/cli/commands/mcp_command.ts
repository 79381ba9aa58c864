import { Filter } from "../../framework/mod.ts";
import { remoteServices } from "../../host/mod.ts";
import { toMessage, toPrintable, VERSION, waitFor } from "../../util/mod.ts";
import {
  CALL_OPTIONS,
  CONNECTION_OPTIONS,
  createConnectionLogger,
  readCallSettings,
  readConnection,
} from "../connection/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import { CliError, UsageError } from "../errors.ts";

/** Serves the methods of services as tools of MCP. */
export const mcpCommand: CliCommand = {
  name: "mcp",
  summary: "Serves methods of services as MCP tools, over the standard streams.",
  details: [
    "A client of the Model Context Protocol starts this program. Methods are those that",
    "services advertise; those of iPOPO and ECF are named with --methods. A client may call",
    "every tool, so choose with --filter.",
  ],
  options: [
    {
      name: "filter",
      value: "FILTER",
      summary: "LDAP filter of endpoints; required",
      group: "Tools",
    },
    {
      name: "methods",
      value: "INTERFACE=NAME[,NAME]",
      summary: "methods of an interface, in place of the advertised ones",
      isRepeatable: true,
      group: "Tools",
    },
    {
      name: "call-timeout",
      value: "TIME",
      summary: "longest time of a call (30s)",
      group: "Calls",
    },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    "mcp --filter '(objectClass=com.example.*)'",
    "mcp --filter '(objectClass=*)' --methods com.example.Echo=echo,reverse",
  ],
  async run(context) {
    const { args, output, signal } = context;
    const filter = args.get("filter");
    if (filter === undefined) {
      throw new UsageError("Cannot run mcp: give --filter, such as '(objectClass=com.example.*)'");
    }
    const methods = readMethods(context);
    const timeoutMs = args.getMs("call-timeout");
    const client = await readCallSettings(context);
    const { etcd, topKey } = await readConnection(context);
    checkFilter(filter);
    const { createStdioTransport, serveMcp } = await loadMcp();
    const logger = createConnectionLogger(output, { etcd, topKey });
    await using host = await remoteServices({
      etcd: { ...etcd, topKey, observe: true },
      client,
      logger,
      signal,
      drainMs: 0,
    });
    await using session = await serveMcp(host, createStdioTransport(), {
      filter,
      methods,
      logger,
      version: VERSION,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    await waitFor(session.closed, { signal });
  },
};

function checkFilter(text: string): void {
  try {
    new Filter(text);
  } catch (cause) {
    throw new UsageError(toMessage(cause), { cause });
  }
}

/**
 * Module that needs the SDK. The import must not name it as a literal: Deno would then download it,
 * with 90 packages, for every command.
 */
const MCP_MODULE = "../../mcp/mod.ts";

async function loadMcp(): Promise<typeof import("../../mcp/mod.ts")> {
  try {
    return await import(MCP_MODULE);
  } catch (cause) {
    const message = "Cannot run mcp: the package @modelcontextprotocol/sdk is missing; install it";
    throw new CliError(message, { cause });
  }
}

function readMethods({ args }: CliContext): Record<string, readonly string[]> {
  return Object.fromEntries(
    args.getAll("methods").map((text) => {
      const [, interfaceName, names = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (interfaceName === undefined) {
        throw new UsageError(
          `Cannot use --methods ${toPrintable(text, 40)}: give INTERFACE=NAME[,NAME]`,
        );
      }
      return [interfaceName.trim(), names.split(",").map((name) => name.trim())];
    }),
  );
}

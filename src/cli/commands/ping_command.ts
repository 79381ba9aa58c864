import {
  CALL_OPTIONS,
  completeInterfaces,
  CONNECTION_OPTIONS,
  formatLatency,
  loadRegistry,
  type Reach,
  reachEndpoints,
  readCallSettings,
  readConnection,
  selectEndpoints,
  toReachFacts,
} from "../connection/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import { type Cell, toFacts } from "../output/mod.ts";

/** Asks every endpoint for an answer. */
export const pingCommand: CliCommand = {
  name: "ping",
  usage: "[INTERFACE | FILTER]",
  maxWords: 1,
  summary: "Asks every endpoint for an answer, without running a method.",
  details: [
    "Shows the time until the answer, or the error. Fails if an endpoint does not answer.",
    "INTERFACE may have * for anything; FILTER is an LDAP filter in parentheses.",
  ],
  options: [...CALL_OPTIONS, ...CONNECTION_OPTIONS],
  examples: ["ping", "ping com.example.Greeter --timeout 1s --json"],
  complete: completeInterfaces,
  async run(context) {
    const { args, output } = context;
    const [selector] = args.words;
    const calls = await readCallSettings(context);
    const connection = await readConnection(context);
    const { timeoutMs } = connection;
    const found = selectEndpoints(await loadRegistry(context, connection), selector)
      .map(({ endpoint }) => endpoint);
    const results = await reachEndpoints(context, found, { calls, timeoutMs });
    const rows = found.map((endpoint, index) => ({ endpoint, reach: results[index] }))
      .filter(({ reach }) => reach !== undefined);
    if (output.isJson) {
      await output.writeJson(rows.map(({ endpoint, reach }) => {
        const { properties: _, ...facts } = toFacts(endpoint);
        return { ...facts, ...(reach === undefined ? {} : toReachFacts(reach)) };
      }));
    } else if (rows.length === 0) {
      await output.writeNote("No endpoints");
    } else {
      await output.writeTable(
        ["ENDPOINT", "INTERFACES", "ADDRESS", "ANSWER"],
        rows.map(({ endpoint: { id, interfaces, containerId = "-" }, reach }) => [
          id,
          interfaces.join(","),
          containerId,
          formatReach(context, reach),
        ]),
      );
    }
    const isNone = rows.length === 0 && selector !== undefined;
    return !isNone && results.every(({ isReached }) => isReached);
  },
};

/** Formats an answer for a table. */
export function formatReach({ output }: CliContext, reach: Reach | undefined): Cell {
  if (reach === undefined) return "-";
  return reach.isReached
    ? output.paint(formatLatency(reach.latencyMs), "green")
    : output.paint(reach.error, "red");
}

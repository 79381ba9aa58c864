import type { RegisteredEndpoint } from "../../discovery/etcd3/mod.ts";
import { type Cell, findAgeMs, formatAge, toRegisteredFacts } from "../output/mod.ts";
import {
  CALL_OPTIONS,
  completeInterfaces,
  CONNECTION_OPTIONS,
  loadRegistry,
  reachEndpoints,
  readCallSettings,
  readConnection,
  selectEndpoints,
  toReachFacts,
} from "../connection/mod.ts";
import type { CliCommand } from "../cli_command.ts";
import { formatReach } from "./ping_command.ts";

/** Lists the endpoints in etcd. */
export const endpointsCommand: CliCommand = {
  name: "endpoints",
  usage: "[INTERFACE | FILTER]",
  maxWords: 1,
  summary: "Lists the endpoints that are advertised.",
  details: [
    "INTERFACE may have * for anything; FILTER is an LDAP filter in parentheses.",
  ],
  options: [
    { name: "reach", summary: "ask each endpoint for an answer, as ping does" },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: ["endpoints", "endpoints 'com.example.*' --reach", "endpoints '(zone=eu)' --json"],
  complete: completeInterfaces,
  async run(context) {
    const { args, output } = context;
    const calls = await readCallSettings(context);
    const connection = await readConnection(context);
    const { timeoutMs } = connection;
    const found = selectEndpoints(await loadRegistry(context, connection), args.words[0]);
    const isAsked = args.has("reach");
    const endpoints = isAsked ? found.map(({ endpoint }) => endpoint) : [];
    const results = await reachEndpoints(context, endpoints, { calls, timeoutMs });
    if (output.isJson) {
      return await output.writeJson(found.map((one, index) => {
        const reach = results[index];
        return { ...toRegisteredFacts(one), ...(reach === undefined ? {} : toReachFacts(reach)) };
      }));
    }
    if (found.length === 0) return await output.writeNote("No endpoints");
    const headers = ["ENDPOINT", "INTERFACES", "AGE", "ADDRESS", ...isAsked ? ["ANSWER"] : []];
    await output.writeTable(
      headers,
      found.map((one, index) => [
        ...toCells(one),
        ...isAsked ? [formatReach(context, results[index])] : [],
      ]),
    );
  },
};

function toCells({ endpoint }: RegisteredEndpoint): Cell[] {
  const { id, interfaces, containerId = "-" } = endpoint;
  return [id, interfaces.join(","), formatAge(findAgeMs(endpoint)), containerId];
}

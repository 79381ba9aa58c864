import type { RegisteredEndpoint } from "../../discovery/etcd3/mod.ts";
import { formatAge } from "../ages.ts";
import type { CliCommand } from "../cli_command.ts";
import { CONNECTION_OPTIONS } from "../connection.ts";
import { findAgeMs, toRegisteredFacts } from "../endpoint_facts.ts";
import { loadRegistry, selectEndpoints } from "../registry_reader.ts";

/** Lists the endpoints in etcd. */
export const endpointsCommand: CliCommand = {
  name: "endpoints",
  usage: "[INTERFACE | FILTER]",
  maxWords: 1,
  summary: "Lists the endpoints that are advertised.",
  details: [
    "INTERFACE may have * for anything; FILTER is an LDAP filter in parentheses.",
  ],
  options: CONNECTION_OPTIONS,
  examples: ["endpoints", "endpoints 'com.example.*' --json"],
  async run(context) {
    const { args, output } = context;
    const found = selectEndpoints(await loadRegistry(context), args.words[0]);
    if (output.isJson) return await output.writeJson(found.map(toRegisteredFacts));
    if (found.length === 0) return await output.writeNote("No endpoints");
    await output.writeTable(["INTERFACES", "ADDRESS", "AGE", "ENDPOINT"], found.map(toRow));
  },
};

function toRow({ endpoint }: RegisteredEndpoint): string[] {
  const { interfaces, containerId = "-", id } = endpoint;
  return [interfaces.join(","), containerId, formatAge(findAgeMs(endpoint)), id];
}

import { encodeEdef, type EndpointDescription } from "../../endpoint/mod.ts";
import {
  type Command,
  CommandError,
  listEndpoints,
  requireAdmin,
  requireArgument,
  type ShellContext,
} from "../command.ts";
import { formatValue } from "../table.ts";
import { formatReference, writeJson, writeLines, writeRows } from "./listing.ts";

/** Endpoints of one direction, for a command that lists them or shows one. */
interface EndpointListing {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly list: (context: ShellContext) => readonly EndpointDescription[];
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: (context: ShellContext) => Record<string, unknown>[];
}

/** Creates a command that lists endpoints, or shows one as a description file. */
function createListing({ name, aliases, summary, list, columns, rows }: EndpointListing): Command {
  return {
    name,
    aliases,
    scopes: ["rsa", "ecf"],
    usage: "[endpoint id]",
    summary,
    complete: (context) =>
      context.host.admin === undefined ? [] : list(context).map(({ id }) => id),
    async run({ args: [wanted], json }, io, context) {
      if (wanted === undefined) return writeRows(io, json, columns, rows(context));
      const endpoint = list(context).find(({ id }) => id === wanted);
      if (endpoint === undefined) throw new CommandError(`No such endpoint ${wanted}: see ${name}`);
      if (json) return writeJson(io, [Object.fromEntries(endpoint.properties)]);
      const edef = await encodeEdef([endpoint]);
      io.write(`Endpoint description for endpoint.id=${wanted}:\n${edef}\n`);
    },
  };
}

const listexports = createListing({
  name: "listexports",
  aliases: ["lexps"],
  summary: "Lists the exported endpoints, or shows one.",
  list: listExports,
  columns: { endpointId: "Endpoint ID", containerId: "Container ID", serviceId: "Service ID" },
  rows: (context) =>
    listExports(context).map(({ id, containerId, serviceId }) => ({
      endpointId: id,
      containerId,
      serviceId,
    })),
});

const listimports = createListing({
  name: "listimports",
  aliases: ["limps"],
  summary: "Lists the imported endpoints, or shows one.",
  list: listImports,
  columns: {
    endpointId: "Endpoint ID",
    containerId: "Container ID",
    localServiceId: "Local Service ID",
    remoteServiceId: "Remote Service ID",
  },
  rows: (context) =>
    requireAdmin(context).imports.map((
      { endpoint: { id, containerId, serviceId }, reference },
    ) => ({
      endpointId: id,
      containerId,
      localServiceId: reference?.id,
      remoteServiceId: serviceId,
    })),
});

/** Returns the descriptions of the exported endpoints. */
function listExports(context: ShellContext): EndpointDescription[] {
  return requireAdmin(context).exports.map(({ endpoint }) => endpoint);
}

/** Returns the descriptions of the imported endpoints. */
function listImports(context: ShellContext): EndpointDescription[] {
  return requireAdmin(context).imports.map(({ endpoint }) => endpoint);
}

const endpoint: Command = {
  name: "endpoint",
  scopes: ["rsa"],
  usage: "<endpoint id>",
  summary: "Shows an endpoint: where it is known, and its properties.",
  complete: (context) => [...findRoles(context).keys()],
  run(call, io, context) {
    const wanted = requireArgument(call, 0, "the ID of an endpoint");
    const known = findRoles(context).get(wanted);
    if (known === undefined) throw new CommandError(`No endpoint ${wanted}: see endpoints`);
    const { description, roles } = known;
    const properties = Object.fromEntries(description.properties);
    if (call.json) return writeJson(io, { id: wanted, roles, properties });
    writeLines(io, [
      `ID........: ${wanted}`,
      `Interfaces: ${formatValue(description.interfaces)}`,
      `Container.: ${formatValue(description.containerId)}`,
      `Known as..: ${roles.join(", ")}`,
      "Properties:",
      ...Object.keys(properties).sort().map((name) =>
        `\t${name} = ${formatValue(properties[name])}`
      ),
    ]);
  },
};

interface KnownEndpoint {
  readonly description: EndpointDescription;
  readonly roles: string[];
}

/** Returns every known endpoint with the ways in which it is known. */
function findRoles(context: ShellContext): Map<string, KnownEndpoint> {
  const known = new Map<string, KnownEndpoint>();
  const add = (description: EndpointDescription, role: string) => {
    const roles = known.get(description.id)?.roles ?? [];
    known.set(description.id, { description, roles: [...roles, role] });
  };
  const { host } = context;
  for (const one of listEndpoints(context)) add(one, "discovered");
  for (const { endpoint, reference } of host.admin?.exports ?? []) {
    add(endpoint, `exported, ${formatReference(reference)}`);
  }
  for (const { endpoint, reference } of host.admin?.imports ?? []) {
    add(endpoint, `imported, ${formatReference(reference)}`);
  }
  return known;
}

/** Commands that list endpoints, as in `pelix.rsa.shell`. */
export const ENDPOINT_COMMANDS: readonly Command[] = [listexports, listimports, endpoint];

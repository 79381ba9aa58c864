import { compareReferences, readRanking } from "../../framework/mod.ts";
import { type Command, CommandError, requireArgument } from "../command.ts";
import { formatValue } from "../table.ts";
import {
  findService,
  formatBundle,
  listInterfaces,
  listServiceIds,
  writeJson,
  writeLines,
  writeRows,
} from "./listing.ts";

const sl: Command = {
  name: "sl",
  scopes: ["default"],
  usage: "[interface]",
  summary: "Lists the services, or those of an interface.",
  complete: listInterfaces,
  run({ args: [interfaceName], json }, io, { host }) {
    const references = host.framework.registry.getReferences(interfaceName).sort(compareReferences);
    if (references.length === 0 && interfaceName !== undefined && !json) {
      throw new CommandError(`No service provides '${interfaceName}'`);
    }
    const rows = references.map(({ id, interfaces, owner, properties }) => ({
      id,
      interfaces,
      bundle: json ? owner : formatBundle(owner),
      ranking: readRanking(properties),
    }));
    const columns = {
      id: "ID",
      interfaces: "Specifications",
      bundle: "Bundle",
      ranking: "Ranking",
    };
    writeRows(io, json, columns, rows);
    if (!json) io.write(`${rows.length} services registered\n`);
  },
};

const sd: Command = {
  name: "sd",
  scopes: ["default"],
  usage: "<service id>",
  summary: "Shows the properties of a service and the bundles that use it.",
  complete: listServiceIds,
  run(call, io, context) {
    const reference = findService(context, requireArgument(call, 0, "the ID of a service"));
    const { id, interfaces, owner, properties, users } = reference;
    if (call.json) return writeJson(io, { id, owner, properties, users });
    const names = Object.keys(properties).sort();
    writeLines(io, [
      `ID............: ${id}`,
      `Rank..........: ${readRanking(properties)}`,
      `Specifications: ${formatValue(interfaces)}`,
      `Bundle........: ${formatBundle(owner)}`,
      "Properties....:",
      ...names.map((name) => `\t${name} = ${formatValue(properties[name])}`),
      "Bundles using this service:",
      ...users.map((user) => `\t${formatBundle(user)}`),
    ]);
  },
};

/** Commands for services, as in Pelix's core shell. */
export const SERVICE_COMMANDS: readonly Command[] = [sl, sd];

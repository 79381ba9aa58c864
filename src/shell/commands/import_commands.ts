import { formatValue } from "../table.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { RemoteServiceAdmin } from "../../rsa/mod.ts";
import { toMessage } from "../../util/mod.ts";
import {
  type Command,
  CommandError,
  requireAdmin,
  requireArgument,
  type ShellIo,
} from "../command.ts";
import { readEdef } from "./edef_file.ts";
import { formatReference } from "./listing.ts";

const importservice: Command = {
  name: "importservice",
  aliases: ["impsvc"],
  scopes: ["rsa", "ecf"],
  usage: "[file or URL]",
  summary: "Imports every endpoint of the EDEF file, or of another file or URL.",
  async run({ args }, io, context) {
    const admin = requireAdmin(context);
    const [place] = args.filter((word) => word !== "-e" && word !== "--edefurl"); // as in ECF
    const path = place ?? context.defaults.edefFile;
    const endpoints = await readEdef(path, io);
    io.write(`Importing ${endpoints.length} endpoints from file=${path}\n`);
    const failures = endpoints.filter((endpoint) => !importOne(admin, endpoint, io));
    if (failures.length === 0) return;
    const ids = failures.map(({ id }) => id).join(", ");
    throw new CommandError(`Cannot import ${failures.length} of ${endpoints.length}: ${ids}`);
  },
};

/** Imports an endpoint and writes the outcome; returns whether it succeeded. */
function importOne(
  admin: RemoteServiceAdmin,
  endpoint: EndpointDescription,
  io: Pick<ShellIo, "write">,
): boolean {
  try {
    const { reference } = admin.importService(endpoint);
    const rsid = `${formatValue(endpoint.containerId)}:${endpoint.remoteServiceId}`;
    io.write(`Proxy service=${formatReference(reference)} imported. rsid=${rsid}\n`);
    return true;
  } catch (error) {
    io.write(`${toMessage(error)}\n`);
    return false;
  }
}

const unimportservice: Command = {
  name: "unimportservice",
  aliases: ["unimpsvc"],
  scopes: ["rsa", "ecf"],
  usage: "<endpoint id>",
  summary: "Ends an import.",
  complete: ({ host }) => (host.admin?.imports ?? []).map(({ endpoint }) => endpoint.id),
  async run(call, _io, context) {
    const id = requireArgument(call, 0, "the ID of an endpoint");
    const found = requireAdmin(context).imports.filter(({ endpoint }) => endpoint.id === id);
    if (found.length === 0) throw new CommandError(`No imported endpoint ${id}: see limps`);
    await found.at(-1)?.close();
  },
};

/** Commands that change imports, as in `pelix.rsa.shell`. */
export const IMPORT_COMMANDS: readonly Command[] = [importservice, unimportservice];

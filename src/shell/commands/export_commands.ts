import type { ExportRegistration } from "../../rsa/mod.ts";
import {
  type Command,
  CommandError,
  requireAdmin,
  requireArgument,
  type ShellContext,
} from "../command.ts";
import { writeEdef } from "./edef_file.ts";
import { findService, formatReference, listServiceIds } from "./listing.ts";
import { separateProperties } from "./typed_properties.ts";

const exportservice: Command = {
  name: "exportservice",
  aliases: ["exportsvc", "expsvc"],
  scopes: ["rsa", "ecf"],
  usage: "<service id> [config] [file] [name=value ...]",
  summary: "Exports a service, with more properties, and writes its description to the EDEF file.",
  complete: listServiceIds,
  async run(call, io, context) {
    const { defaults } = context;
    const reference = findService(context, requireArgument(call, 0, "the ID of a service"));
    const { others, properties } = separateProperties(call.args.slice(1));
    const [config = defaults.exportConfig, file = defaults.edefFile] = others;
    const exported = await requireAdmin(context).exportService(reference, {
      "service.exported.interfaces": "*",
      "service.exported.configs": [config],
      ...properties,
    });
    const registrations = [exported].flat();
    if (registrations.length === 0) {
      throw new CommandError(`Cannot export service ${reference.id}: see lcfgs for the providers`);
    }
    try {
      await writeEdef(file, registrations.map(({ endpoint }) => endpoint));
    } catch (error) {
      for (const registration of registrations) await registration.close();
      throw error;
    }
    io.write(
      `Service=${formatReference(reference)} exported by ${registrations.length} providers. ` +
        `EDEF written to file=${file}\n`,
    );
  },
};

const updateservice: Command = {
  name: "updateservice",
  aliases: ["updsvc"],
  scopes: ["ecf", "rsa"],
  usage: "<endpoint id or service id> [name=value ...]",
  summary: "Describes an exported service anew: with its present properties and the given ones.",
  complete: listExportIds,
  run(call, io, context) {
    const wanted = requireArgument(call, 0, "the ID of an endpoint or service");
    const { others, properties } = separateProperties(call.args.slice(1));
    if (others.length > 0) throw new CommandError(`Cannot read ${others[0]}: give name=value`);
    const found = findExports(context, wanted);
    for (const { endpoint, reference, update } of found.map(toUpdate)) {
      update({
        "service.exported.interfaces": endpoint.interfaces,
        "service.exported.configs": endpoint.configurationTypes,
        ...properties,
      });
      io.write(`Service=${formatReference(reference)} updated as endpoint.id=${endpoint.id}\n`);
    }
  },
};

/** Returns the parts of a registration for an update that throws if it fails. */
function toUpdate(registration: ExportRegistration) {
  const { endpoint, reference } = registration;
  const update: ExportRegistration["update"] = (properties) => {
    registration.update(properties);
    if (registration.exception !== undefined) throw registration.exception;
  };
  return { endpoint, reference, update };
}

const unexportservice: Command = {
  name: "unexportservice",
  aliases: ["unexpsvc"],
  scopes: ["rsa", "ecf"],
  usage: "<endpoint id or service id>",
  summary: "Ends an export.",
  complete: listExportIds,
  async run(call, _io, context) {
    const wanted = requireArgument(call, 0, "the ID of an endpoint or service");
    await findExports(context, wanted).at(-1)?.close();
  },
};

function listExportIds({ host }: ShellContext): readonly string[] {
  return (host.admin?.exports ?? []).map(({ endpoint }) => endpoint.id);
}

/** Returns the exports of an endpoint or a service; at least one. */
function findExports(context: ShellContext, id: string): ExportRegistration[] {
  const found = requireAdmin(context).exports.filter(({ endpoint, reference }) =>
    endpoint.id === id || String(reference.id) === id
  );
  if (found.length === 0) throw new CommandError(`No exported endpoint ${id}: see lexps`);
  return found;
}

/** Commands that change exports, as in `pelix.rsa.shell` and ECF's console. */
export const EXPORT_COMMANDS: readonly Command[] = [exportservice, updateservice, unexportservice];

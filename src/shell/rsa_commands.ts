import { readFile, writeFile } from "node:fs/promises";
import { messageOf } from "../util/mod.ts";
import { decodeEdef, encodeEdef, type EndpointDescription } from "../endpoint/mod.ts";
import { type Command, CommandError, required, type ShellContext } from "./command.ts";
import { list, referenceText, serviceOf } from "./core_commands.ts";

const exportIds = ({ host }: ShellContext) => host.admin.exports.map(({ endpoint }) => endpoint.id);
const importIds = ({ host }: ShellContext) => host.admin.imports.map(({ endpoint }) => endpoint.id);

/** What tells a listing of endpoints from another. */
interface EndpointListing {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly ids: (context: ShellContext) => string[];
  readonly endpoints: (context: ShellContext) => readonly EndpointDescription[];
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: (context: ShellContext) => Record<string, unknown>[];
}

/** A command that lists endpoints, or shows one as a description file. */
function endpointListing(listing: EndpointListing): Command {
  const { name, aliases, summary, ids, endpoints, columns, rows } = listing;
  return {
    ...{ name, aliases, summary, usage: "[endpoint id]", complete: ids },
    async run({ args: [wanted], json }, io, context) {
      if (wanted === undefined) return list(io, json, columns, rows(context));
      const found = endpoints(context).filter(({ id }) => id === wanted);
      const [endpoint] = found;
      if (endpoint === undefined) throw new CommandError(`No such endpoint ${wanted}: see ${name}`);
      if (json) return list(io, json, {}, [Object.fromEntries(endpoint.properties)]);
      const edef = await encodeEdef([endpoint]);
      io.write(`Endpoint description for endpoint.id=${wanted}:\n${edef}\n`);
    },
  };
}

const listexports = endpointListing({
  name: "listexports",
  aliases: ["lexps"],
  summary: "Lists what is exported, or shows one endpoint.",
  ids: exportIds,
  endpoints: ({ host }) => host.admin.exports.map(({ endpoint }) => endpoint),
  columns: { endpointId: "Endpoint ID", containerId: "Container ID", serviceId: "Service ID" },
  rows: ({ host }) =>
    host.admin.exports.map(({ endpoint: { id, containerId, serviceId } }) => ({
      ...{ endpointId: id, containerId, serviceId },
    })),
});

const listimports = endpointListing({
  name: "listimports",
  aliases: ["limps"],
  summary: "Lists what is imported, or shows one endpoint.",
  ids: importIds,
  endpoints: ({ host }) => host.admin.imports.map(({ endpoint }) => endpoint),
  columns: {
    ...{ endpointId: "Endpoint ID", containerId: "Container ID" },
    ...{ localServiceId: "Local Service ID", remoteServiceId: "Remote Service ID" },
  },
  rows: ({ host }) =>
    host.admin.imports.map(({ endpoint: { id, containerId, serviceId }, reference }) => ({
      ...{ endpointId: id, containerId, localServiceId: reference.id, remoteServiceId: serviceId },
    })),
});

/** Every configuration type, and who provides it. */
function configsOf({ host: { admin } }: ShellContext) {
  const exporters = admin.exportProviders.flatMap((provider) =>
    provider.supportedConfigs.map((config) => ({
      ...{ config, class: provider.constructor.name, intents: provider.supportedIntents },
      supportedConfigs: provider.supportedConfigs,
    }))
  );
  const importers = admin.importProviders.flatMap((provider) =>
    provider.importedConfigs.map((config) => ({
      ...{ config, class: provider.constructor.name, intents: [] as readonly string[] },
      supportedConfigs: provider.importedConfigs,
    }))
  );
  const known = new Set(exporters.map(({ config }) => config));
  return [...exporters, ...importers.filter(({ config }) => !known.has(config))];
}

const listconfigs: Command = {
  name: "listconfigs",
  aliases: ["listproviders", "lcfgs"],
  usage: "[config]",
  summary: "Lists the distribution providers by configuration type, or shows one.",
  complete: (context) => configsOf(context).map(({ config }) => config),
  run({ args: [wanted], json }, io, context) {
    const found = configsOf(context).filter(({ config }) =>
      wanted === undefined || config === wanted
    );
    const [one] = found;
    if (one === undefined) {
      throw new CommandError(`No provider has the configuration type ${wanted}`);
    }
    if (json || wanted === undefined) {
      return list(io, json, { config: "Distribution Provider/Config", class: "Class" }, found);
    }
    const texts = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(", ")}]`;
    io.write(
      `ID=${one.config}\n\tSupported Configs=${texts(one.supportedConfigs)}\n` +
        `\tSupportedIntents=${texts(one.intents)}\n`,
    );
  },
};

/** The containers of what is exported, by their ids. */
function containersOf({ host: { admin } }: ShellContext) {
  const containers = new Map(admin.exports.map(({ containerId, endpoint }) => [containerId, {
    ...{ containerId, namespace: endpoint.containerNamespace },
    config: endpoint.configurationTypes[0],
    class: admin.exportProviders.find(({ supportedConfigs }) =>
      supportedConfigs.includes(endpoint.configurationTypes[0] ?? "")
    )?.constructor.name,
  }]));
  return [...containers.values()];
}

const listcontainers: Command = {
  name: "listcontainers",
  aliases: ["lcs"],
  usage: "[container id]",
  summary: "Lists the containers that services are exported from, or shows one.",
  complete: (context) => containersOf(context).map(({ containerId }) => containerId),
  run({ args: [wanted], json }, io, context) {
    const found = containersOf(context).filter(({ containerId }) =>
      wanted === undefined || containerId === wanted
    );
    const [one] = found;
    if (one === undefined && wanted !== undefined) {
      throw new CommandError(`No container ${wanted}: see lcs`);
    }
    if (one === undefined || json || wanted === undefined) {
      return list(io, json, { containerId: "Container ID/instance.name", class: "Class" }, found);
    }
    io.write(
      [
        `ID=${one.containerId}`,
        `Namespace=${one.namespace}`,
        `Class=${one.class}`,
        `ConnectedTo=${one.containerId}`,
        `ConnectNamespace=${one.namespace}`,
        `Config Type/Distribution Provider=${one.config}`,
      ].join("\n\t") + "\n",
    );
  },
};

const exportservice: Command = {
  name: "exportservice",
  aliases: ["exportsvc"],
  usage: "<service id> [config] [file]",
  summary: "Exports a service and writes its description to the EDEF file.",
  complete: ({ host }) => host.framework.registry.getReferences().map(({ id }) => String(id)),
  async run(call, io, context) {
    const { host, defaults } = context;
    const reference = serviceOf(context, required(call, 0, "the ID of a service"));
    const [, config = defaults.exportConfig, file = defaults.edefFile] = call.args;
    const registration = await host.admin.exportService(reference, {
      "service.exported.interfaces": "*",
      "service.exported.configs": [config],
    });
    try {
      await writeFile(file, await encodeEdef([registration.endpoint]));
    } catch (error) {
      await registration.close();
      throw new CommandError(`Cannot write ${file}: ${messageOf(error)}`);
    }
    io.write(
      `Service=${referenceText(reference)} exported by 1 providers. EDEF written to file=${file}\n`,
    );
  },
};

const unexportservice: Command = {
  name: "unexportservice",
  aliases: ["unexpsvc"],
  usage: "<endpoint id>",
  summary: "Withdraws an export.",
  complete: exportIds,
  async run(call, _io, { host }) {
    const id = required(call, 0, "the ID of an endpoint");
    const found = host.admin.exports.filter(({ endpoint }) => endpoint.id === id);
    if (found.length === 0) throw new CommandError(`No exported endpoint ${id}: see lexps`);
    await found.at(-1)?.close();
  },
};

const importservice: Command = {
  name: "importservice",
  aliases: ["impsvc"],
  usage: "[file]",
  summary: "Imports every endpoint of the EDEF file.",
  async run({ args: [file] }, io, { host, defaults }) {
    const path = file ?? defaults.edefFile;
    const endpoints = await endpointsOf(path);
    io.write(`Importing ${endpoints.length} endpoints from file=${path}\n`);
    for (const endpoint of endpoints) {
      const { reference } = host.admin.importService(endpoint);
      const rsid = `${endpoint.containerId}:${endpoint.remoteServiceId}`;
      io.write(`Proxy service=${referenceText(reference)} imported. rsid=${rsid}\n`);
    }
  },
};

const unimportservice: Command = {
  name: "unimportservice",
  aliases: ["unimpsvc"],
  usage: "<endpoint id>",
  summary: "Closes an import.",
  complete: importIds,
  run(call, _io, { host }) {
    const id = required(call, 0, "the ID of an endpoint");
    const found = host.admin.imports.filter(({ endpoint }) => endpoint.id === id);
    if (found.length === 0) throw new CommandError(`No imported endpoint ${id}: see limps`);
    found.at(-1)?.close();
  },
};

const showdefaults: Command = {
  name: "showdefaults",
  summary: "Shows the configuration type and the EDEF file that are used where none is given.",
  async run({ json }, io, { defaults }) {
    const exists = await isThere(defaults.edefFile);
    if (json) return io.write(`${JSON.stringify({ ...defaults, exists }, null, 2)}\n`);
    const shownExists = exists === undefined ? "unknown" : exists ? "True" : "False";
    io.write(
      `Defaults\n\texport_config=${defaults.exportConfig}\n` +
        `\tEDEF file=${defaults.edefFile};exists=${shownExists}\n`,
    );
  },
};

const setdefaults: Command = {
  name: "setdefaults",
  usage: "<config> [file]",
  summary: "Changes them.",
  complete: (context) => configsOf(context).map(({ config }) => config),
  async run(call, io, context) {
    const config = required(call, 0, "a configuration type");
    if (!configsOf(context).some((one) => one.config === config)) {
      throw new CommandError(`No provider has the configuration type ${config}: see lcfgs`);
    }
    context.defaults.exportConfig = config;
    context.defaults.edefFile = call.args[1] ?? context.defaults.edefFile;
    await showdefaults.run(call, io, context);
  },
};

const showedeffile: Command = {
  name: "showedeffile",
  summary: "Shows the EDEF file.",
  async run(_call, io, { defaults }) {
    io.write(`${await encodeEdef(await endpointsOf(defaults.edefFile))}\n`);
  },
};

/** Whether a file is there; undefined when that may not be known. */
async function isThere(file: string): Promise<boolean | undefined> {
  try {
    await readFile(file);
    return true;
  } catch (error) {
    return Object(error).code === "ENOENT" ? false : undefined;
  }
}

async function endpointsOf(file: string): Promise<EndpointDescription[]> {
  try {
    return decodeEdef(await readFile(file));
  } catch (error) {
    throw new CommandError(`Cannot read ${file}: ${messageOf(error)}`);
  }
}

/** The commands of `pelix.rsa.shell`. */
export const RSA_COMMANDS: readonly Command[] = [
  ...[listexports, listimports, listconfigs, listcontainers, exportservice, unexportservice],
  ...[importservice, unimportservice, showdefaults, setdefaults, showedeffile],
];

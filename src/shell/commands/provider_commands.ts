import { type Command, CommandError, requireAdmin, type ShellContext } from "../command.ts";
import { formatValue } from "../table.ts";
import { writeJson, writeLines, writeRows } from "./listing.ts";

/** A configuration type with its provider. */
type ConfigRow = {
  readonly config: string;
  readonly class: string;
  readonly supportedConfigs: readonly string[];
  readonly intents: readonly string[];
  readonly direction: "export" | "import";
};

/** Returns every configuration type, exporters first. */
function listConfigTypes(context: ShellContext): readonly ConfigRow[] {
  const { exportProviders, importProviders } = requireAdmin(context);
  const exporters = exportProviders.flatMap((provider) =>
    provider.supportedConfigs.map((config) => ({
      config,
      class: provider.constructor.name,
      supportedConfigs: provider.supportedConfigs,
      intents: provider.supportedIntents,
      direction: "export" as const,
    }))
  );
  const exported = new Set(exporters.map(({ config }) => config));
  const importers = importProviders.flatMap((provider) =>
    provider.importedConfigs.filter((config) => !exported.has(config)).map((config) => ({
      config,
      class: provider.constructor.name,
      supportedConfigs: provider.importedConfigs,
      intents: [],
      direction: "import" as const,
    }))
  );
  return [...exporters, ...importers];
}

/** Returns the configuration types by name, for completion. */
export function listConfigNames(context: ShellContext): readonly string[] {
  return context.host.admin === undefined
    ? []
    : listConfigTypes(context).map(({ config }) => config);
}

/** Checks that a provider has a configuration type. */
export function checkConfigType(context: ShellContext, config: string): void {
  if (listConfigNames(context).includes(config)) return;
  throw new CommandError(`No provider has the configuration type ${config}: see lcfgs`);
}

const listconfigs: Command = {
  name: "listconfigs",
  aliases: ["listproviders", "lcfgs"],
  scopes: ["rsa", "ecf"],
  usage: "[config]",
  summary: "Lists the distribution providers by configuration type, or shows one.",
  complete: listConfigNames,
  run({ args: [wanted], json }, io, context) {
    if (wanted !== undefined) checkConfigType(context, wanted);
    const found = listConfigTypes(context).filter(({ config }) =>
      wanted === undefined || config === wanted
    );
    const columns = { config: "Distribution Provider/Config", class: "Class" };
    if (json || wanted === undefined) return writeRows(io, json, columns, found);
    for (const { config, supportedConfigs, intents } of found) {
      writeLines(io, [
        `ID=${config}`,
        `\tSupported Configs=${formatValue(supportedConfigs)}`,
        `\tSupportedIntents=${formatValue(intents)}`,
      ]);
    }
  },
};

const listtypedescriptions: Command = {
  name: "listtypedescriptions",
  aliases: ["lctds"],
  scopes: ["ecf", "rsa"],
  usage: "[config]",
  summary: "Lists the configuration types with their intents and direction, or shows one.",
  complete: listConfigNames,
  run({ args: [wanted], json }, io, context) {
    if (wanted !== undefined) checkConfigType(context, wanted);
    const rows = listConfigTypes(context).filter(({ config }) =>
      wanted === undefined || config === wanted
    );
    const columns = {
      config: "Container Type Description",
      direction: "Direction",
      supportedConfigs: "Supported Configs",
      intents: "Supported Intents",
    };
    writeRows(io, json, columns, rows);
  },
};

const listnamespaces: Command = {
  name: "listnamespaces",
  aliases: ["lns"],
  scopes: ["ecf", "rsa"],
  usage: "[namespace]",
  summary: "Lists the namespaces of container ids, or shows one.",
  complete: (context) => [...findNamespaces(context).keys()],
  run({ args: [wanted], json }, io, context) {
    const rows = [...findNamespaces(context)]
      .filter(([name]) => wanted === undefined || name === wanted)
      .map(([name, configs]) => ({ name, configs: [...configs] }));
    if (rows.length === 0 && wanted !== undefined) {
      throw new CommandError(`No namespace ${wanted}: see lns`);
    }
    writeRows(io, json, { name: "Namespace Name", configs: "Configs" }, rows);
  },
};

/** Returns the namespaces of the providers and of the imported endpoints, with their configs. */
function findNamespaces({ host: { admin } }: ShellContext): Map<string, Set<string>> {
  const namespaces = new Map<string, Set<string>>();
  const add = (name: string | undefined, configs: readonly string[]) => {
    if (name === undefined) return;
    const known = namespaces.get(name) ?? new Set();
    for (const config of configs) known.add(config);
    namespaces.set(name, known);
  };
  for (const { containerNamespace, supportedConfigs } of admin?.exportProviders ?? []) {
    add(containerNamespace, supportedConfigs);
  }
  for (const { endpoint } of admin?.imports ?? []) {
    add(endpoint.containerNamespace, endpoint.configurationTypes);
  }
  return namespaces;
}

/** Returns the containers of the exported endpoints, once each. */
function listContainers(context: ShellContext) {
  const { exports, exportProviders } = requireAdmin(context);
  const containers = new Map(exports.map(({ containerId, endpoint }) => {
    const [config = ""] = endpoint.configurationTypes;
    const provider = exportProviders.find(({ supportedConfigs }) =>
      supportedConfigs.includes(config)
    );
    const { containerNamespace: namespace } = endpoint;
    return [containerId, { containerId, namespace, config, class: provider?.constructor.name }];
  }));
  return [...containers.values()];
}

const listcontainers: Command = {
  name: "listcontainers",
  aliases: ["lcs"],
  scopes: ["rsa", "ecf"],
  usage: "[container id]",
  summary: "Lists the containers of exported services, or shows one.",
  complete: (context) =>
    context.host.admin === undefined
      ? []
      : listContainers(context).map(({ containerId }) => containerId),
  run({ args: [wanted], json }, io, context) {
    const all = listContainers(context);
    const columns = { containerId: "Container ID/instance.name", class: "Class" };
    if (wanted === undefined) return writeRows(io, json, columns, all);
    const one = all.find(({ containerId }) => containerId === wanted);
    if (one === undefined) throw new CommandError(`No container ${wanted}: see lcs`);
    if (json) return writeJson(io, [one]);
    writeLines(io, [
      `ID=${formatValue(one.containerId)}`,
      `\tNamespace=${one.namespace}`,
      `\tClass=${one.class}`,
      `\tConnectedTo=${formatValue(one.containerId)}`,
      `\tConnectNamespace=${one.namespace}`,
      `\tConfig Type/Distribution Provider=${one.config}`,
    ]);
  },
};

/** Commands for providers and containers, as in `pelix.rsa.shell` and ECF's console. */
export const PROVIDER_COMMANDS: readonly Command[] = [
  listconfigs,
  listcontainers,
  listtypedescriptions,
  listnamespaces,
];

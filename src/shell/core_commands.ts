import { compareReferences, type ServiceReference, SYSTEM_BUNDLE } from "../framework/mod.ts";
import { drawTable, jsonValue, shown } from "./table.ts";
import {
  type Command,
  CommandError,
  required,
  type ShellContext,
  type ShellIo,
} from "./command.ts";

/** Writes a listing as a table, or as JSON when that is asked for. */
export function list(
  io: ShellIo,
  json: boolean,
  columns: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  if (json) return io.write(`${JSON.stringify(rows, jsonValue, 2)}\n`);
  const keys = Object.keys(columns);
  io.write(
    drawTable(Object.values(columns), rows.map((row) => keys.map((key) => shown(row[key])))),
  );
}

/** A reference as Pelix shows it. */
export function referenceText({ id, owner, interfaces }: ServiceReference): string {
  return `ServiceReference(ID=${id}, Bundle=${owner.id}, Specs=${shown(interfaces)})`;
}

function bundleText({ id, name }: { readonly id: number; readonly name: string }): string {
  return `Bundle(ID=${id}, Name=${name})`;
}

/** The service of an id that somebody typed. */
export function serviceOf({ host }: ShellContext, id: string): ServiceReference {
  const found = host.framework.registry.getReferences().find((one) => String(one.id) === id);
  if (found === undefined) throw new CommandError(`No service has the ID ${id}: see sl`);
  return found;
}

const sl: Command = {
  name: "sl",
  usage: "[interface]",
  summary: "Lists the services, or those of an interface.",
  complete: ({ host }) => [
    ...new Set(host.framework.registry.getReferences().flatMap(({ interfaces }) => interfaces)),
  ],
  run({ args: [interfaceName], json }, io, { host }) {
    const references = host.framework.registry.getReferences(interfaceName).sort(compareReferences);
    if (references.length === 0 && interfaceName !== undefined && !json) {
      throw new CommandError(`No service provides '${interfaceName}'`);
    }
    const rows = references.map(({ id, interfaces, owner, properties }) => ({
      id,
      interfaces,
      bundle: json ? owner : bundleText(owner),
      ranking: properties["service.ranking"] ?? 0,
    }));
    const columns = {
      id: "ID",
      interfaces: "Specifications",
      bundle: "Bundle",
      ranking: "Ranking",
    };
    list(io, json, columns, rows);
    if (!json) io.write(`${rows.length} services registered\n`);
  },
};

const sd: Command = {
  name: "sd",
  usage: "<service id>",
  summary: "Shows a service: its properties and who uses it.",
  complete: ({ host }) => host.framework.registry.getReferences().map(({ id }) => String(id)),
  run(call, io, context) {
    const { id, interfaces, owner, properties, users } = serviceOf(
      context,
      required(call, 0, "the ID of a service"),
    );
    if (call.json) {
      return io.write(`${JSON.stringify({ id, owner, properties, users }, jsonValue, 2)}\n`);
    }
    const names = Object.keys(properties).sort();
    io.write([
      `ID............: ${id}`,
      `Rank..........: ${shown(properties["service.ranking"] ?? 0)}`,
      `Specifications: ${shown(interfaces)}`,
      `Bundle........: ${bundleText(owner)}`,
      "Properties....:",
      ...names.map((name) => `\t${name} = ${shown(properties[name])}`),
      "Bundles using this service:",
      ...users.map((user) => `\t${bundleText(user)}`),
      "",
    ].join("\n"));
  },
};

/** The framework and its bundles, as they are listed. */
function bundlesOf({ host: { framework } }: ShellContext) {
  const system = { ...SYSTEM_BUNDLE, state: "active", version: "0.1.0" };
  const bundles = framework.bundles.map(({ id, name, state, version }) => ({
    id,
    name,
    state,
    version,
  }));
  return [system, ...bundles].map((bundle) => ({ ...bundle, state: bundle.state.toUpperCase() }));
}

const bl: Command = {
  name: "bl",
  usage: "[name]",
  summary: "Lists the bundles, or those with a text in their names.",
  run({ args: [part], json }, io, context) {
    const rows = bundlesOf(context).filter(({ name }) => part === undefined || name.includes(part));
    list(io, json, { id: "ID", name: "Name", state: "State", version: "Version" }, rows);
    if (!json) {
      io.write(`${rows.length} ${part === undefined ? "bundles installed" : "filtered bundles"}\n`);
    }
  },
};

const bd: Command = {
  name: "bd",
  usage: "<bundle id or name>",
  summary: "Shows a bundle: what it registered and what it uses.",
  complete: (context) => bundlesOf(context).map(({ id }) => String(id)),
  run(call, io, context) {
    const wanted = required(call, 0, "the ID or name of a bundle");
    const bundle = bundlesOf(context).find(({ id, name }) =>
      String(id) === wanted || name === wanted
    );
    if (bundle === undefined) throw new CommandError(`No bundle is ${wanted}: see bl`);
    const references = context.host.framework.registry.getReferences();
    const published = references.filter(({ owner }) => owner.id === bundle.id).map(referenceText);
    const used = references.filter(({ users }) => users.some(({ id }) => id === bundle.id)).map(
      referenceText,
    );
    if (call.json) return io.write(`${JSON.stringify({ ...bundle, published, used }, null, 2)}\n`);
    const lines = (texts: string[]) =>
      texts.length === 0 ? ["\tn/a"] : texts.map((text) => `\t${text}`);
    io.write([
      `ID......: ${bundle.id}`,
      `Name....: ${bundle.name}`,
      `Version.: ${bundle.version}`,
      `State...: ${bundle.state}`,
      "Published services:",
      ...lines(published),
      "Services used by this bundle:",
      ...lines(used),
      "",
    ].join("\n"));
  },
};

const help: Command = {
  name: "help",
  aliases: ["?"],
  usage: "[command]",
  summary: "Tells what commands there are, or what one does.",
  complete: ({ commands }) => commands.map(({ name }) => name),
  run({ args: [wanted], json }, io, { commands }) {
    const found = commands.filter(({ name, aliases = [] }) =>
      wanted === undefined || name === wanted || aliases.includes(wanted)
    );
    if (found.length === 0) throw new CommandError(`Unknown command ${wanted}: see help`);
    if (json) {
      const rows = found.map(({ name, aliases = [], usage = "", summary }) => ({
        name,
        aliases,
        usage,
        summary,
      }));
      return io.write(`${JSON.stringify(rows, null, 2)}\n`);
    }
    for (const { name, aliases = [], usage = "", summary } of found) {
      io.write(`- ${[[name, ...aliases].join(", "), usage].join(" ").trimEnd()}\n\t${summary}\n`);
    }
  },
};

const quit: Command = {
  name: "quit",
  aliases: ["exit"],
  summary: "Ends the shell and the program.",
  run: (_call, _io, context) => context.quit(),
};

/** The commands of Pelix's core shell that remote services need. */
export const CORE_COMMANDS: readonly Command[] = [sl, sd, bl, bd, help, quit];

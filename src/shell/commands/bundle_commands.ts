import { SYSTEM_BUNDLE } from "../../framework/mod.ts";
import { VERSION } from "../../util/mod.ts";
import { type Command, CommandError, requireArgument, type ShellContext } from "../command.ts";
import { formatReference, writeJson, writeLines, writeRows } from "./listing.ts";

/** Returns the framework and its bundles as rows. */
function listBundles({ host: { framework } }: ShellContext) {
  const system = { ...SYSTEM_BUNDLE, state: "active", version: VERSION };
  return [system, ...framework.bundles].map(({ id, name, state, version }) => ({
    id,
    name,
    state: state.toUpperCase(),
    version,
  }));
}

const bl: Command = {
  name: "bl",
  scopes: ["default"],
  usage: "[name]",
  summary: "Lists the bundles, or those with a string in their names.",
  run({ args: [part], json }, io, context) {
    const rows = listBundles(context).filter(({ name }) => name.includes(part ?? ""));
    writeRows(io, json, { id: "ID", name: "Name", state: "State", version: "Version" }, rows);
    if (json) return;
    const label = part === undefined ? "bundles installed" : "filtered bundles";
    io.write(`${rows.length} ${label}\n`);
  },
};

const bd: Command = {
  name: "bd",
  scopes: ["default"],
  usage: "<bundle id or name>",
  summary: "Shows the services that a bundle registered and uses.",
  complete: (context) => listBundles(context).map(({ id }) => String(id)),
  run(call, io, context) {
    const wanted = requireArgument(call, 0, "the ID or name of a bundle");
    const bundle = listBundles(context).find(({ id, name }) =>
      String(id) === wanted || name === wanted
    );
    if (bundle === undefined) throw new CommandError(`No bundle is ${wanted}: see bl`);
    const references = context.host.framework.registry.getReferences();
    const published = references.filter(({ owner }) => owner.id === bundle.id).map(formatReference);
    const used = references
      .filter(({ users }) => users.some(({ id }) => id === bundle.id))
      .map(formatReference);
    if (call.json) return writeJson(io, { ...bundle, published, used });
    writeLines(io, [
      `ID......: ${bundle.id}`,
      `Name....: ${bundle.name}`,
      `Version.: ${bundle.version}`,
      `State...: ${bundle.state}`,
      "Published services:",
      ...indent(published),
      "Services used by this bundle:",
      ...indent(used),
    ]);
  },
};

function indent(lines: readonly string[]): string[] {
  return lines.length === 0 ? ["\tn/a"] : lines.map((line) => `\t${line}`);
}

/** Commands for bundles, as in Pelix's core shell. */
export const BUNDLE_COMMANDS: readonly Command[] = [bl, bd];

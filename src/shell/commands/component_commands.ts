import type { Component, ComponentRegistry, RequirementStatus } from "../../framework/mod.ts";
import { toMessage } from "../../util/mod.ts";
import { type Command, CommandError, requireArgument, type ShellContext } from "../command.ts";
import { explainMissing, formatState } from "./component_reasons.ts";
import { formatBundle, formatReference, writeJson, writeLines, writeRows } from "./listing.ts";
import { separateProperties } from "./typed_properties.ts";

function findFactoryName({ requests }: ComponentRegistry, component: Component): string {
  return requests.find((request) => request.component === component)?.factory ?? "";
}

function listComponentNames({ host }: ShellContext): readonly string[] {
  return host.framework.components.components.map(({ name }) => name);
}

const instances: Command = {
  name: "instances",
  scopes: ["ipopo"],
  usage: "[name]",
  summary: "Lists the components and their states, or those with a string in their names.",
  complete: listComponentNames,
  run({ args: [part = ""], json }, io, { host: { framework: { components } } }) {
    const rows = components.components
      .filter(({ name }) => name.includes(part))
      .map((component) => ({
        name: component.name,
        factory: findFactoryName(components, component),
        state: formatState(component.state),
      }));
    writeRows(io, json, { name: "Name", factory: "Factory", state: "State" }, rows);
    if (!json) {
      io.write(`${rows.length} ${part === "" ? "components running" : "filtered components"}\n`);
    }
  },
};

const instance: Command = {
  name: "instance",
  scopes: ["ipopo"],
  usage: "<name>",
  summary: "Shows a component: its state with the reason, its requirements and services.",
  complete: listComponentNames,
  run(call, io, { host: { framework } }) {
    const wanted = requireArgument(call, 0, "the name of a component");
    const component = framework.components.components.find(({ name }) => name === wanted);
    if (component === undefined) {
      throw new CommandError(`No component ${wanted}: see instances and waiting`);
    }
    const { state, provided, requirements, bundle } = component;
    const explain = (status: RequirementStatus) => explainMissing(framework.registry, status);
    if (call.json) {
      return writeJson(io, {
        name: wanted,
        state: state.kind,
        error: state.kind === "failed" ? toMessage(state.error) : undefined,
        provided: provided?.id,
        requirements: requirements.map((status) => ({
          name: status.name,
          interface: status.requirement.interface,
          services: status.references.map(({ id }) => id),
          missing: explain(status),
        })),
      });
    }
    writeLines(io, [
      `Name.....: ${wanted}`,
      `Factory..: ${findFactoryName(framework.components, component)}`,
      `Bundle ID: ${bundle.id}`,
      `State....: ${formatState(state)}`,
      ...(state.kind === "failed" ? [`Error....: ${toMessage(state.error)}`] : []),
      "Services.:",
      ...(provided === undefined ? [] : [`\t${formatReference(provided)}`]),
      "Dependencies:",
      ...requirements.flatMap((status) => formatRequirement(status, explain(status))),
    ]);
  },
};

function formatRequirement(status: RequirementStatus, missing: string | undefined): string[] {
  const { name, requirement: { filter, optional, aggregate, ...rest }, references } = status;
  const filterText = typeof filter === "function" ? "a function" : String(filter ?? "None");
  return [
    `\tField: ${name}`,
    `\t\tSpecification: ${rest.interface}`,
    `\t\tFilter.......: ${filterText}`,
    `\t\tOptional.....: ${optional ? "True" : "False"}`,
    `\t\tAggregate....: ${aggregate ? "True" : "False"}`,
    "\t\tBindings:",
    ...references.map((reference) => `\t\t\t${formatReference(reference)}`),
    ...(missing === undefined ? [] : [`\t\tMissing......: ${missing}`]),
  ];
}

const factories: Command = {
  name: "factories",
  scopes: ["ipopo"],
  usage: "[name]",
  summary: "Lists the component factories, or those with a string in their names.",
  run({ args: [part = ""], json }, io, { host: { framework: { components } } }) {
    const rows = [...components.factories.values()]
      .filter(({ name }) => name.includes(part))
      .map(({ name, bundle }) => ({ name, bundle: json ? bundle : formatBundle(bundle) }));
    writeRows(io, json, { name: "Factory", bundle: "Bundle" }, rows);
    if (json) return;
    io.write(`${rows.length} ${part === "" ? "factories available" : "filtered factories"}\n`);
  },
};

const waiting: Command = {
  name: "waiting",
  scopes: ["ipopo"],
  usage: "[name]",
  summary: "Lists the requested components whose factory is not registered.",
  run({ args: [part = ""], json }, io, { host: { framework: { components } } }) {
    const rows = components.requests
      .filter(({ name, component }) => component === undefined && name.includes(part))
      .map(({ name, factory }) => ({ name, factory, missing: `no factory ${factory}` }));
    writeRows(io, json, { name: "Name", factory: "Factory", missing: "Missing" }, rows);
    if (json) return;
    const label = part === "" ? "components in the waiting queue" : "filtered components";
    io.write(`${rows.length} ${label}\n`);
  },
};

const instantiate: Command = {
  name: "instantiate",
  scopes: ["ipopo"],
  usage: "<factory> <name> [name=value ...]",
  summary: "Creates a component from a factory.",
  complete: ({ host }) => [...host.framework.components.factories.keys()],
  run(call, io, { host: { framework: { components } } }) {
    const factory = requireArgument(call, 0, "a factory");
    const name = requireArgument(call, 1, "a name for the component");
    const { properties } = separateProperties(call.args.slice(2));
    if (!components.factories.has(factory)) {
      throw new CommandError(`No component factory ${factory}: see factories`);
    }
    components.instantiate(factory, name, properties);
    io.write(`Component '${name}' instantiated.\n`);
  },
};

const kill: Command = {
  name: "kill",
  scopes: ["ipopo"],
  usage: "<name>",
  summary: "Closes a component.",
  complete: listComponentNames,
  async run(call, io, { host: { framework: { components } } }) {
    const name = requireArgument(call, 0, "the name of a component");
    const found = components.requests.find((request) => request.name === name) ??
      components.components.find((component) => component.name === name);
    if (found === undefined) throw new CommandError(`No component ${name}: see instances`);
    await found.close();
    io.write(`Component '${name}' killed.\n`);
  },
};

/** Commands for components, as in `pelix.shell.ipopo`. */
export const COMPONENT_COMMANDS: readonly Command[] = [
  instances,
  instance,
  factories,
  waiting,
  instantiate,
  kill,
];

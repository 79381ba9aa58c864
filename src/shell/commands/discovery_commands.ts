import { combineHealth, type EndpointEventListener } from "../../discovery/mod.ts";
import { Filter, FilterSyntaxError } from "../../framework/mod.ts";
import { pause, toOpenJsonText } from "../../util/mod.ts";
import {
  type Command,
  CommandError,
  listEndpoints,
  requireDiscoveries,
  type ShellHost,
  type ShellIo,
} from "../command.ts";
import { formatValue } from "../table.ts";
import { writeJson, writeLines, writeRows } from "./listing.ts";

/** Width of the names of facts, in characters. */
const FACT_WIDTH = 16;

const discovery: Command = {
  name: "discovery",
  scopes: ["rsa"],
  summary: "Shows the health of each discovery: state, session, lease and counts.",
  run({ json }, io, context) {
    const discoveries = requireDiscoveries(context);
    const { state } = combineHealth(discoveries.map(({ health }) => health));
    const { admin } = context.host;
    const counts = {
      endpoints: listEndpoints(context).length,
      exports: admin?.exports.length ?? 0,
      imports: admin?.imports.length ?? 0,
    };
    const facts = discoveries.map(gatherFacts);
    if (json) return writeJson(io, { state, discoveries: facts, ...counts });
    for (const group of [...facts, counts]) writeFacts(io, group);
  },
};

/** Members of a health that are shown in another form. */
const SHOWN_APART = ["provider", "state", "leaseId", "leaseIdHex", "lastSync", "lastError"];

/** Returns the health of a discovery, with its counters side by side. */
function gatherFacts(discovery: ShellHost["discoveries"][number]): Record<string, unknown> {
  const { counters, ...health } = discovery.health;
  const own = Object.entries(health).filter(([name, value]) =>
    !SHOWN_APART.includes(name) && typeof value !== "function"
  );
  return {
    provider: health.provider,
    state: health.state,
    ...Object.fromEntries(own),
    sessionId: "sessionId" in discovery ? discovery.sessionId : undefined,
    lease: "leaseIdHex" in health ? health.leaseIdHex : undefined,
    lastSync: health.lastSync?.toISOString(),
    lastError: health.lastError?.message,
    ...counters,
  };
}

function writeFacts(io: ShellIo, facts: Readonly<Record<string, unknown>>): void {
  const lines = Object.entries(facts).map(([name, value]) =>
    `${name.padEnd(FACT_WIDTH, ".")}: ${value === undefined ? "none" : formatValue(value)}`
  );
  writeLines(io, lines);
}

const endpoints: Command = {
  name: "endpoints",
  scopes: ["rsa"],
  usage: "[filter]",
  summary: "Lists the discovered endpoints, or those that match an LDAP filter.",
  run(call, io, context) {
    const filter = parseFilter(call.rest(0));
    requireDiscoveries(context);
    const found = listEndpoints(context).filter((endpoint) =>
      filter === undefined || endpoint.matches(filter)
    );
    if (call.json) {
      return writeJson(io, found.map(({ properties }) => Object.fromEntries(properties)));
    }
    const columns = {
      endpointId: "Endpoint ID",
      interfaces: "Interfaces",
      containerId: "Container ID",
      frameworkUuid: "Framework",
    };
    const rows = found.map(({ id, interfaces, containerId, frameworkUuid }) => ({
      endpointId: id,
      interfaces,
      containerId,
      frameworkUuid,
    }));
    writeRows(io, false, columns, rows);
    io.write(`${rows.length} endpoints discovered\n`);
  },
};

function parseFilter(text: string): Filter | undefined {
  if (text === "") return undefined;
  try {
    return new Filter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new CommandError(error.message);
    throw error;
  }
}

const watch: Command = {
  name: "watch",
  scopes: ["rsa"],
  summary: "Shows endpoints as they come, change and end, until Ctrl-C.",
  async run({ json }, io, context) {
    if (!json) io.write("Watching until Ctrl-C\n");
    const { clock } = context.host.framework;
    const listener: EndpointEventListener = {
      endpointChanged: ({ type, endpoint: { id, interfaces, containerId, properties } }) => {
        const time = new Date(clock.epochMs()).toISOString();
        const line = json
          ? toOpenJsonText({ time, type, properties })
          : `${time} ${type.padEnd(8)} ${interfaces.join(", ")} at ${
            formatValue(containerId)
          } (${id})`;
        io.write(`${line}\n`);
      },
    };
    const subscriptions = requireDiscoveries(context).map((one) => one.addListener(listener));
    try {
      await pause(Infinity, io.signal, clock);
    } finally {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
    }
  },
};

/** Commands for the discovery, which iPOPO's shell does not have. */
export const DISCOVERY_COMMANDS: readonly Command[] = [discovery, endpoints, watch];

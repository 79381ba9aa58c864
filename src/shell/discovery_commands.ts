import { Filter, FilterSyntaxError } from "../framework/mod.ts";
import type { RemoteServices } from "../host/mod.ts";
import type { DiscoveryProvider } from "../discovery/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import { jsonValue, shown } from "./table.ts";
import { type Command, CommandError, required, type ShellContext } from "./command.ts";
import { list } from "./core_commands.ts";

/** Longest time that `call` waits for a service that is not there yet. */
const ARRIVAL_MS = 1000;

const discovery: Command = {
  name: "discovery",
  summary: "Shows the health of each discovery: state, session, lease and counts.",
  run({ json }, io, { host }) {
    const facts = {
      ...Object.assign({}, ...host.discoveries.map(describeDiscovery)),
      endpoints: host.endpoints.length,
      exports: host.admin.exports.length,
      imports: host.admin.imports.length,
    };
    if (json) return io.write(`${JSON.stringify(facts, jsonValue, 2)}\n`);
    const width = Math.max(...Object.keys(facts).map((name) => name.length));
    for (const [name, value] of Object.entries(facts)) {
      io.write(`${name.padEnd(width, ".")}: ${value === undefined ? "none" : shown(value)}\n`);
    }
  },
};

/** Returns the facts about a discovery; the members of its health and the counters side by side. */
function describeDiscovery(discovery: DiscoveryProvider): Record<string, unknown> {
  const { provider, state, lastSync, lastError, counters, ...own } = discovery.health;
  const { toJSON: _, leaseId: _id, leaseIdHex, endpoint, ...more } = { ...own } as Record<
    string,
    unknown
  >;
  return {
    provider,
    state,
    etcd: endpoint,
    sessionId: "sessionId" in discovery ? discovery.sessionId : undefined,
    lease: leaseIdHex,
    lastSync: lastSync?.toISOString(),
    lastError: lastError?.message,
    ...more,
    ...counters,
  };
}

/** What a listing says of an endpoint. */
function rowOf({ id, interfaces, containerId, frameworkUuid }: EndpointDescription) {
  return { endpointId: id, interfaces, containerId, frameworkUuid };
}

const endpoints: Command = {
  name: "endpoints",
  usage: "[filter]",
  summary: "Lists what is discovered, or what of it matches an LDAP filter.",
  run(call, io, { host }) {
    const filter = filterOf(call.rest(0));
    const found = host.endpoints.filter(({ properties }) =>
      filter === undefined || filter.matches(Object.fromEntries(properties))
    );
    const rows = found.map((endpoint) =>
      call.json ? Object.fromEntries(endpoint.properties) : rowOf(endpoint)
    );
    list(io, call.json, {
      ...{ endpointId: "Endpoint ID", interfaces: "Interfaces" },
      ...{ containerId: "Container ID", frameworkUuid: "Framework" },
    }, rows);
    if (!call.json) io.write(`${rows.length} endpoints discovered\n`);
  },
};

function filterOf(text: string): Filter | undefined {
  if (text === "") return undefined;
  try {
    return new Filter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new CommandError(error.message);
    throw error;
  }
}

const call: Command = {
  name: "call",
  usage: "<interface> <method> [JSON array of arguments]",
  summary: "Calls a method of the best service of an interface and shows the result.",
  complete: ({ host }) => [
    ...new Set(host.framework.registry.getReferences().flatMap(({ interfaces }) => interfaces)),
  ],
  async run(line, io, { host }) {
    const interfaceName = required(line, 0, "an interface");
    const methodName = required(line, 1, "a method");
    const params = paramsOf(line.rest(2));
    const service = await serviceOf(host, interfaceName, io.signal);
    const method: unknown = Reflect.get(service, methodName);
    if (typeof method !== "function") {
      throw new CommandError(`${interfaceName} has no method ${methodName}`);
    }
    const result: unknown = await orAborted(method.apply(service, params), io.signal);
    io.write(`${JSON.stringify(result ?? null, jsonValue, 2)}\n`);
  },
};

/** The best service of an interface; one that was just discovered may need a moment. */
async function serviceOf(host: RemoteServices, interfaceName: string, signal: AbortSignal) {
  try {
    return await host.framework.waitForService(interfaceName, { timeoutMs: ARRIVAL_MS, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DOMException)) throw error;
    throw new CommandError(`No service ${interfaceName}: see sl and endpoints`);
  }
}

/** A result, unless whoever waits for it gives up; what is called goes on. */
async function orAborted(result: unknown, signal: AbortSignal): Promise<unknown> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new CommandError("given up"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function paramsOf(text: string): unknown[] {
  if (text.trim() === "") return [];
  try {
    const params: unknown = JSON.parse(text);
    if (Array.isArray(params)) return params;
  } catch {
    // It is told below what was expected.
  }
  throw new CommandError(`Cannot read ${text}: give a JSON array, such as ["a", 1]`);
}

const watch: Command = {
  name: "watch",
  summary: "Shows endpoints as they come, change and go, until Ctrl-C.",
  async run({ json }, io, { host }: ShellContext) {
    if (!json) io.write("Watching until Ctrl-C\n");
    using _subscription = host.onEndpoint(({ type, endpoint }) => {
      const { id, interfaces, containerId } = endpoint;
      const time = new Date().toISOString();
      io.write(
        json
          ? `${JSON.stringify({ time, type, properties: endpoint.properties }, jsonValue)}\n`
          : `${time} ${type.padEnd(8)} ${interfaces.join(", ")} at ${containerId} (${id})\n`,
      );
    });
    await untilAborted(io.signal);
  },
};

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/** What iPOPO's shell lacks: the discovery itself, and calls. */
export const DISCOVERY_COMMANDS: readonly Command[] = [discovery, endpoints, call, watch];

import { memory } from "../../discovery/memory/mod.ts";
import { RemoteCallError } from "../../distribution/mod.ts";
import { type EndpointDescription, RS } from "../../endpoint/mod.ts";
import { remoteServices } from "../../host/mod.ts";
import {
  findNearest,
  parseExactJson,
  SILENT,
  SYSTEM_CLOCK,
  toPrintable,
  waitFor,
} from "../../util/mod.ts";
import {
  CALL_OPTIONS,
  completeInterfaces,
  CONNECTION_OPTIONS,
  loadRegistry,
  readCallSettings,
  readConnection,
  selectEndpoints,
} from "../connection/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import { CliError, UsageError } from "../errors.ts";

/** Calls a method of a service. */
export const callCommand: CliCommand = {
  name: "call",
  usage: "INTERFACE METHOD [JSON ARRAY]",
  minWords: 2,
  maxWords: Infinity,
  summary: "Calls a method of a service and shows its result.",
  details: [
    "The JSON array has the arguments of the method. Without --endpoint the best endpoint of",
    "the interface is called.",
  ],
  options: [
    { name: "endpoint", value: "ID", summary: "endpoint to call", group: "Calls" },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: [`call com.example.Greeter greet '["you"]'`],
  async complete(request) {
    const [interfaceName, ...more] = request.words;
    if (interfaceName === undefined) return await completeInterfaces(request);
    if (more.length > 0) return [];
    const endpoints = selectEndpoints(await loadRegistry(request.context), interfaceName);
    return [...new Set(endpoints.flatMap(({ endpoint: { extras } }) => listMethods(extras)))];
  },
  async run(context) {
    const [interfaceName = "", methodName = "", ...rest] = context.args.words;
    const params = parseParams(rest.join(" "));
    const client = await readCallSettings(context);
    const connection = await readConnection(context);
    const { timeoutMs } = connection;
    const { endpoints } = await loadRegistry(context, connection);
    const wanted = findEndpoints(context, endpoints.map(({ endpoint }) => endpoint), interfaceName);
    const discovery = memory();
    await using source = discovery({ logger: SILENT, clock: SYSTEM_CLOCK, hostIp: "127.0.0.1" });
    await source.start();
    for (const endpoint of wanted) await source.advertise(endpoint);
    const { signal } = context;
    await using host = await remoteServices({ discovery: [discovery], client, timeoutMs, signal });
    const service = await host.service<Record<string, (...args: unknown[]) => unknown>>(
      interfaceName,
      { waitMs: timeoutMs, signal },
    );
    const result = await invoke(service, methodName, params, signal);
    await context.output.writeJson(result ?? null);
  },
};

/** Returns the methods that an exporter of this library names. */
function listMethods(extras: ReadonlyMap<string, unknown>): readonly string[] {
  return String(extras.get(RS.methods) ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

async function invoke(
  service: object,
  methodName: string,
  params: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  const method: unknown = Reflect.get(service, methodName);
  if (typeof method !== "function") {
    throw new UsageError(`Cannot call ${toPrintable(methodName)}: no method can have this name`);
  }
  try {
    // An interruption ends the wait; the call itself goes on.
    return await waitFor(Promise.resolve(Reflect.apply(method, service, params)), { signal });
  } catch (error) {
    throw error instanceof RemoteCallError ? describe(error) : error;
  }
}

/** Adds to the message of a failed call whether the method ran. */
function describe(error: RemoteCallError): CliError {
  const { code, isExecuted, message } = error;
  if (code === "fault") return new CliError(message, { cause: error });
  const execution = isExecuted === "unknown"
    ? "it is not known whether the method ran"
    : isExecuted
    ? "the method ran"
    : "the method did not run";
  return new CliError(`${message} (${code}; ${execution})`, { cause: error });
}

function findEndpoints(
  { args }: CliContext,
  all: readonly EndpointDescription[],
  interfaceName: string,
): readonly EndpointDescription[] {
  const found = all.filter(({ interfaces }) => interfaces.includes(interfaceName));
  const id = args.get("endpoint");
  const chosen = id === undefined ? found : found.filter((endpoint) => endpoint.id === id);
  if (chosen.length > 0) return chosen;
  if (found.length > 0) {
    throw new CliError(`No endpoint ${id} of ${interfaceName}: see the command endpoints`);
  }
  const names = [...new Set(all.flatMap(({ interfaces }) => interfaces))];
  const nearest = findNearest(interfaceName, names);
  const advice = nearest === undefined ? "see the command endpoints" : `did you mean ${nearest}?`;
  throw new CliError(`No service ${interfaceName}: ${advice}`);
}

function parseParams(text: string): readonly unknown[] {
  if (text.trim() === "") return [];
  try {
    const params: unknown = parseExactJson(text);
    if (Array.isArray(params)) return params;
  } catch {
    // The error below says what is expected.
  }
  throw new UsageError(`Cannot read ${toPrintable(text)}: give a JSON array, such as ["a", 1]`);
}

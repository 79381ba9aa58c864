import { RemoteCallError } from "../../distribution/mod.ts";
import { waitForService } from "../../framework/mod.ts";
import { parseExactJson, waitFor } from "../../util/mod.ts";
import { type Command, CommandError, requireArgument, type ShellContext } from "../command.ts";
import { listInterfaces, writeJson } from "./listing.ts";

/** Longest wait for a service that was just discovered, in milliseconds. */
const ARRIVAL_MS = 1000;

const call: Command = {
  name: "call",
  scopes: ["rsa"],
  usage: "<interface> <method> [JSON array of arguments]",
  summary: "Calls a method of the best service of an interface and shows the result.",
  complete: listInterfaces,
  async run(line, io, context) {
    const interfaceName = requireArgument(line, 0, "an interface");
    const methodName = requireArgument(line, 1, "a method");
    const params = parseParams(line.rest(2));
    const service = await findObject(context, interfaceName, io.signal);
    const method: unknown = Reflect.get(service, methodName);
    if (typeof method !== "function") {
      throw new CommandError(`${interfaceName} has no method ${methodName}`);
    }
    // Ctrl-C ends the wait; the call itself goes on.
    const result: unknown = Reflect.apply(method, service, params);
    try {
      writeJson(io, await waitFor(Promise.resolve(result), { signal: io.signal }) ?? null);
    } catch (error) {
      if (io.signal.aborted) throw new CommandError("given up");
      throw error instanceof RemoteCallError ? describe(error) : error;
    }
  },
};

/** Returns the object of the best service of an interface. */
async function findObject(
  { host }: ShellContext,
  interfaceName: string,
  signal: AbortSignal,
): Promise<object> {
  try {
    const { registry, clock } = host.framework;
    return await waitForService(registry, interfaceName, { timeoutMs: ARRIVAL_MS, signal, clock });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DOMException)) throw error;
    throw new CommandError(`No service ${interfaceName}: see sl and endpoints`);
  }
}

/** Adds to the message of a failed call whether the method ran. */
function describe({ code, isExecuted, message }: RemoteCallError): CommandError {
  if (code === "fault") return new CommandError(message);
  const execution = isExecuted === "unknown"
    ? "it is not known whether the method ran"
    : isExecuted
    ? "the method ran"
    : "the method did not run";
  return new CommandError(`${message} (${code}; ${execution})`);
}

function parseParams(text: string): unknown[] {
  if (text.trim() === "") return [];
  try {
    const params: unknown = parseExactJson(text);
    if (Array.isArray(params)) return params;
  } catch {
    // The error below says what is expected.
  }
  throw new CommandError(`Cannot read ${text}: give a JSON array, such as ["a", 1]`);
}

/** Commands that call services. */
export const CALL_COMMANDS: readonly Command[] = [call];

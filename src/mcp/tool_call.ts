import { getRemoteCaller, RemoteCallError, RemoteFault } from "../distribution/mod.ts";
import type { RemoteServices } from "../host/mod.ts";
import { toJsonText, toMessage, toPrintable } from "../util/mod.ts";
import type { ServiceTool } from "./tool_catalog.ts";

/** Result of a tool, as the protocol has it. */
export interface ToolResult {
  readonly content: { readonly type: "text"; readonly text: string }[];
  /** Facts about a failure, for programs. */
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: true;
}

/** Call of a tool, with its limits. */
export interface ToolCall {
  readonly tool: ServiceTool;
  /** Arguments of the tool: an object whose member `arguments` is a list. */
  readonly input: unknown;
  /** Whether an endpoint may be called. */
  readonly isOffered: (endpointId: unknown) => boolean;
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** Longest time of the call. @default that of the endpoint */
  readonly timeoutMs?: number | undefined;
}

/** Longest message of a failure, which a service may choose. */
const MAX_MESSAGE_LENGTH = 2000;
/** Longest result, in characters of JSON. */
const MAX_RESULT_LENGTH = 1_000_000;

/** Calls the method of a tool. A failure is a result too, with the code of the error. */
export async function callTool(host: RemoteServices, call: ToolCall): Promise<ToolResult> {
  const { tool, input, signal, isOffered } = call;
  const parameters = readParameters(input);
  if (parameters === undefined) {
    return createFailure(
      "not-sendable",
      false,
      'Cannot call: give the arguments as one array, as in {"arguments": [1, "text"]}',
    );
  }
  try {
    const { interfaceName, method } = tool;
    const filter = (properties: Readonly<Record<string, unknown>>) =>
      isOffered(properties["endpoint.id"]);
    const proxy = await host.service(interfaceName, { filter, signal, waitMs: 1000 });
    const { timeoutMs } = call;
    const options = timeoutMs === undefined ? { signal } : { signal, timeoutMs };
    return formatResult(await getRemoteCaller(proxy)?.call(method, parameters, options));
  } catch (error) {
    if (signal.aborted) throw error;
    return formatError(error);
  }
}

function readParameters(input: unknown): readonly unknown[] | undefined {
  if (input === undefined) return [];
  if (typeof input !== "object" || input === null) return undefined;
  // Other members would be lost: a model may take the names of parameters for them.
  if (Object.keys(input).some((name) => name !== "arguments")) return undefined;
  const parameters: unknown = Reflect.get(input, "arguments");
  if (parameters === undefined) return [];
  return Array.isArray(parameters) ? parameters : undefined;
}

function formatResult(result: unknown): ToolResult {
  const text = toJsonText(result);
  if (text.length <= MAX_RESULT_LENGTH) return { content: [{ type: "text", text }] };
  const message = `The result has ${text.length} characters, the limit is ${MAX_RESULT_LENGTH}`;
  return createFailure("invalid-reply", true, message);
}

function formatError(error: unknown): ToolResult {
  if (error instanceof RemoteFault) {
    const { code, isExecuted, message, faultCode } = error;
    return createFailure(code, isExecuted, message, { faultCode });
  }
  if (error instanceof RemoteCallError) {
    return createFailure(error.code, error.isExecuted, error.message);
  }
  // The endpoint left between the choice of the tool and the call.
  return createFailure("endpoint-gone", false, toMessage(error));
}

function createFailure(
  code: string,
  isExecuted: boolean | "unknown",
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ToolResult {
  const shown = toPrintable(message, MAX_MESSAGE_LENGTH);
  return {
    content: [{ type: "text", text: `${code}: ${shown}` }],
    structuredContent: { code, isExecuted, message: shown, ...details },
    isError: true,
  };
}

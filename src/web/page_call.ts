import { createNamedError, RemoteCallError, withOptions } from "../distribution/mod.ts";
import { escapeFilterValue } from "../framework/mod.ts";
import { type Logger, toJsonText, toMessage, toPrintable } from "../util/mod.ts";
import { type PageHost, toVisible } from "./feed/mod.ts";

/** Longest result that the page shows, in characters. */
const MAX_RESULT = 200_000;
/** Longest request, in bytes. */
export const MAX_CALL_BYTES = 1024 * 1024;

/** A call that the form asks for. */
interface CallRequest {
  readonly endpointId: string;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

/** Outcome of a call, as the form shows it. */
export type CallOutcome =
  | { readonly kind: "result"; readonly result: string; readonly tookMs: number }
  | {
    readonly kind: "error";
    readonly name: string;
    readonly code: string | undefined;
    readonly isExecuted: boolean | "unknown" | undefined;
    readonly message: string;
    readonly tookMs: number;
  };

/** Parts that a call from the page needs. */
export interface PageCallContext {
  readonly host: PageHost;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Parses the body of a request of the form.
 *
 * @throws {TypeError} naming what is invalid
 */
export function parseCallRequest(body: unknown): CallRequest {
  const isObject = typeof body === "object" && body !== null;
  const { endpointId, method, arguments: parameters } = isObject
    ? body as Partial<Record<string, unknown>>
    : {};
  if (typeof endpointId !== "string") {
    throw new TypeError("Cannot call: endpointId is not a string; choose an endpoint");
  }
  if (typeof method !== "string" || !/^[A-Za-z]\w*$/.test(method)) {
    throw new TypeError("Cannot call: the method is not a name; give letters, digits and _");
  }
  if (!Array.isArray(parameters)) {
    throw new TypeError('Cannot call: the arguments are not a list; give JSON such as ["a", 1]');
  }
  return { endpointId, method, parameters };
}

/** Calls a method of an endpoint and returns its outcome; never rejects. */
export async function runPageCall(
  { endpointId, method, parameters }: CallRequest,
  { host, timeoutMs, logger, signal }: PageCallContext,
  principal: unknown,
): Promise<CallOutcome> {
  const { clock } = host.framework;
  const startMs = clock.now();
  const endpoint = host.endpoints.find(({ id }) => id === endpointId);
  try {
    if (endpoint === undefined) {
      throw createNamedError("endpoint-gone", "the endpoint is gone", { method, endpointId });
    }
    const registration = host.admin.importService(endpoint);
    try {
      const [interfaceName = ""] = endpoint.interfaces;
      const fields = { endpointId, method, principal };
      logger.info(`The page calls ${method} of ${interfaceName}${formatCaller(principal)}`, fields);
      const filter = `(endpoint.id=${escapeFilterValue(endpointId)})`;
      const [proxy] = host.services(interfaceName, { filter });
      const call: unknown = proxy && Reflect.get(withOptions(proxy, { timeoutMs, signal }), method);
      if (typeof call !== "function") {
        throw new TypeError(`Cannot call ${method}: the endpoint has no such method`);
      }
      const result: unknown = await Reflect.apply(call, undefined, parameters);
      return { kind: "result", result: formatResult(result), tookMs: clock.now() - startMs };
    } finally {
      registration.close();
    }
  } catch (error) {
    return createErrorOutcome(error, clock.now() - startMs);
  }
}

/** Returns the name of the authenticated caller, if it has one. */
function formatCaller(principal: unknown): string {
  const isNamed = typeof principal === "object" && principal !== null && "name" in principal;
  return isNamed ? ` for ${String(principal.name)}` : "";
}

function createErrorOutcome(error: unknown, tookMs: number): CallOutcome {
  const isCallError = error instanceof RemoteCallError;
  return {
    kind: "error",
    name: error instanceof Error ? toPrintable(error.name) : "Error",
    code: isCallError ? error.code : undefined,
    isExecuted: isCallError ? error.isExecuted : undefined,
    message: toVisible(toMessage(error)),
    tookMs,
  };
}

/** Returns a result as JSON, cut if it is too long. */
function formatResult(result: unknown): string {
  const text = toJsonText(result, 2);
  return text.length > MAX_RESULT ? `${text.slice(0, MAX_RESULT)}\n... (cut)` : text;
}

import { toPrintable } from "../util/mod.ts";
import type { RemoteCall } from "./remote_call.ts";
import {
  RemoteCallError,
  type RemoteCallErrorCode,
  type RemoteCallErrorDetails,
  RemoteFault,
} from "./remote_call_error.ts";

/** Details of an error besides the names of its call. */
type OwnDetails = Pick<RemoteCallErrorDetails, "cause" | "isExecuted">;

/** Returns the details that every error of a call has. */
export function createCallDetails(call: RemoteCall): RemoteCallErrorDetails {
  const { interfaceName, method, attempt, endpoint } = call;
  return { interfaceName, method, attempt, address: endpoint.containerId, endpointId: endpoint.id };
}

/** Creates the error of a call for a reason, as {@link createNamedError} does. */
export function createCallError(
  code: RemoteCallErrorCode,
  reason: string,
  call: RemoteCall,
  details: OwnDetails = {},
): RemoteCallError {
  return createNamedError(code, reason, { ...createCallDetails(call), ...details });
}

/**
 * Creates the error of a received call. Its message has no address: the caller adds the one that
 * it called.
 */
export function createReceivedError(
  code: RemoteCallErrorCode,
  reason: string,
  { interfaceName, method, endpoint }: RemoteCall,
): RemoteCallError {
  return createNamedError(code, reason, { interfaceName, method, endpointId: endpoint.id });
}

/**
 * Creates an error whose message names method, interface, address and attempt before its
 * reason, as far as they are known: `Cannot call greet of com.example.Greeter at
 * http://127.0.0.1:8181/xml-rpc (attempt 2): the caller may not call it`.
 */
export function createNamedError(
  code: RemoteCallErrorCode,
  reason: string,
  details: RemoteCallErrorDetails,
): RemoteCallError {
  return new RemoteCallError(code, `${formatNames(details)}: ${reason}`, { ...details, reason });
}

/**
 * Returns the reason of an exporter's answer, without the names that it puts before it: those of
 * the method and of the first interface, whichever was called, or of the method alone.
 */
export function readRefusalReason(message: string, { method, endpoint }: RemoteCall): string {
  const [interfaceName] = endpoint.interfaces;
  for (const details of [{ interfaceName, method }, { method }]) {
    const names = `${formatNames(details)}: `;
    if (message.startsWith(names)) return message.slice(names.length);
  }
  return message;
}

/**
 * Returns the error of a call with the names of the call, whatever threw it: a provider or an
 * interceptor. Errors of other calls, errors of other classes and the words of a fault stay.
 */
export function completeCallError(error: unknown, call: RemoteCall): unknown {
  if (!(error instanceof RemoteCallError)) return error;
  const { code, isExecuted, interfaceName = call.interfaceName, method = call.method } = error;
  if (interfaceName !== call.interfaceName || method !== call.method) return error;
  const details = createCallDetails(call);
  const prototype: unknown = Object.getPrototypeOf(error);
  const isComplete = error.address !== undefined && error.endpointId !== undefined;
  const cause = error.cause ?? error;
  if (prototype === RemoteFault.prototype && error instanceof RemoteFault) {
    const { faultCode, faultString, members } = error;
    if (isComplete && error.interfaceName !== undefined) return error;
    return new RemoteFault(faultCode, faultString, { ...details, members, cause });
  }
  if (prototype !== RemoteCallError.prototype) return error; // a class of the program
  const named = createNamedError(code, error.reason, { ...details, isExecuted, cause });
  const isNamed = isComplete && named.message === error.message;
  return isNamed && error.interfaceName !== undefined ? error : named;
}

/** Formats the names of a call, such as `Cannot call greet of com.example.Greeter`. */
function formatNames(details: RemoteCallErrorDetails): string {
  const { method = "", interfaceName, address, attempt = 1 } = details;
  return [
    `Cannot call ${toPrintable(method)}`,
    interfaceName === undefined ? "" : ` of ${toPrintable(interfaceName)}`,
    address === undefined ? "" : ` at ${toPrintable(address)}`,
    attempt > 1 ? ` (attempt ${attempt})` : "",
  ].join("");
}

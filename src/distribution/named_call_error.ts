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
 * Creates an error whose message names method, interface, address and attempt before its
 * reason, as far as they are known: `Cannot call greet of com.example.Greeter at
 * http://127.0.0.1:8181/xml-rpc (attempt 2): the caller may not call it`. A reason that
 * begins with some of these names has them once.
 */
export function createNamedError(
  code: RemoteCallErrorCode,
  reason: string,
  details: RemoteCallErrorDetails,
): RemoteCallError {
  return new RemoteCallError(code, nameCall(reason, details), details);
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
  const named = createNamedError(code, error.message, { ...details, isExecuted, cause });
  const isNamed = isComplete && named.message === error.message;
  return isNamed && error.interfaceName !== undefined ? error : named;
}

/** Puts the names of a call before a reason, in place of those that the reason begins with. */
function nameCall(reason: string, details: RemoteCallErrorDetails): string {
  const { method = "", interfaceName, attempt = 1 } = details;
  const address = details.address && toPrintable(details.address);
  const names = [
    `Cannot call ${toPrintable(method)}`,
    interfaceName === undefined ? "" : ` of ${toPrintable(interfaceName)}`,
    address === undefined ? "" : ` at ${address}`,
    attempt > 1 ? ` (attempt ${attempt})` : "",
  ].join("");
  const rest = cutNames(reason, method, address);
  return names + (rest ?? `: ${reason}`);
}

/**
 * Returns what follows the names that a reason begins with, such as `: no answer`; `undefined`
 * if it begins with none, or with the names of another call, as that of a gateway.
 */
function cutNames(reason: string, method: string, address = ""): string | undefined {
  const match =
    /^Cannot call (?<called>[^\s:]+)(?: of \S+?(?=:? ))?(?: at (?<at>\S+?)(?=:? ))?(?: \(attempt \d+\))?(?=:? )/
      .exec(reason);
  const { called = "", at = address } = match?.groups ?? {};
  const isSame = called.slice(called.indexOf(".") + 1) === method && isSameAddress(at, address);
  return match !== null && isSame ? reason.slice(match[0].length) : undefined;
}

function isSameAddress(one: string, other: string): boolean {
  return one === other || (URL.parse(one)?.href ?? one) === URL.parse(other)?.href;
}

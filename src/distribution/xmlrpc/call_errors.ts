import { isLoopbackHost } from "../../http/mod.ts";
import { XmlRpcFault, XmlRpcHttpError, XmlRpcTransportError } from "../../xmlrpc/mod.ts";
import {
  createCallDetails,
  type RemoteCall,
  RemoteCallError,
  type RemoteCallErrorCode,
  type RemoteCallErrorDetails,
  RemoteFault,
} from "../mod.ts";
import { findRefusal } from "./refusals.ts";

/** Fault string of iPOPO's exporter for a service that it does not have (any more). */
const IPOPO_UNKNOWN_SERVICE =
  /^<class 'pelix\.rsa\.RemoteServiceError'>:Unknown service with rs_id=(\d+) for method call=(\w+)$/;

/**
 * Returns the protocol-neutral error of a failed call; what is not a failure of the call,
 * such as the reason of an aborted signal, stays as it is.
 *
 * @param executed value of the answer's header `x-osgi-executed`, if there was one
 */
export function translateFailure(
  error: unknown,
  call: RemoteCall,
  executed: string | undefined,
): unknown {
  const details = { ...createCallDetails(call), cause: error };
  if (error instanceof XmlRpcFault) return translateFault(error, call, executed, details);
  if (error instanceof XmlRpcTransportError) {
    return translateTransportError(error, executed, details);
  }
  return error;
}

/** Returns the error of a call with an argument that has no form on the wire. */
export function createNotSendableError(cause: Error, call: RemoteCall): RemoteCallError {
  const { endpoint: { containerId }, interfaceName, method } = call;
  return new RemoteCallError(
    "not-sendable",
    `Cannot call ${method} of ${interfaceName} at ${containerId}: ${cause.message}`,
    { ...createCallDetails(call), cause },
  );
}

function translateFault(
  { faultCode, faultString, members }: XmlRpcFault,
  { endpoint, method }: RemoteCall,
  executed: string | undefined,
  details: RemoteCallErrorDetails,
): RemoteCallError {
  // Only the header proves that our exporter refused: others may use the same codes.
  const refusal = executed === undefined ? undefined : findRefusal(faultCode);
  if (refusal !== undefined) {
    return new RemoteCallError(refusal, faultString, {
      ...details,
      isExecuted: executed === "no" ? false : "unknown",
    });
  }
  const [, id, name] = IPOPO_UNKNOWN_SERVICE.exec(faultString) ?? [];
  if (id === String(endpoint.remoteServiceId) && name === method) {
    return new RemoteCallError("wrong-service", faultString, details);
  }
  return new RemoteFault(faultCode, faultString, { ...details, members });
}

function translateTransportError(
  error: XmlRpcTransportError,
  executed: string | undefined,
  details: RemoteCallErrorDetails,
): RemoteCallError {
  const isRefused = executed === "no";
  // A call that was never sent, or that our exporter refused, can't have run.
  const isExecuted = !isRefused && error.wasSent ? "unknown" : false;
  const code = findCode(error, isRefused);
  const hint = code === "unreachable" ? explainLoopback(details.address) : "";
  const message = nameCall(error.message, details) + hint;
  return new RemoteCallError(code, message, { ...details, isExecuted });
}

/** Puts names in place of the id of the service: `3.greet` becomes `greet of com.example.Greeter`. */
function nameCall(
  message: string,
  { method, interfaceName, attempt = 1 }: RemoteCallErrorDetails,
): string {
  const named = message.replace(
    /^Cannot call \S+/,
    () => `Cannot call ${method} of ${interfaceName}`,
  );
  return attempt > 1 ? `${named} (attempt ${attempt})` : named;
}

/** A loopback address in a directory is reachable only from the exporter's own host. */
function explainLoopback(address: string | undefined): string {
  const host = address === undefined ? undefined : URL.parse(address)?.hostname;
  return host === undefined || !isLoopbackHost(host)
    ? ""
    : "; its exporter advertises a loopback address: if it runs on another host, set " +
      "advertisedHostname there";
}

function findCode(error: XmlRpcTransportError, isRefused: boolean): RemoteCallErrorCode {
  switch (error.code) {
    case "unreachable":
    case "interrupted":
    case "timeout":
    case "closed":
      return error.code;
    case "http-status":
      return error instanceof XmlRpcHttpError
        ? findCodeOfStatus(error.status, isRefused)
        : "invalid-reply";
    case "too-large":
    case "invalid-reply":
      return "invalid-reply";
  }
}

/** Returns the reason behind an HTTP status; a proxy in front of a server may send any of them. */
function findCodeOfStatus(status: number, isRefused: boolean): RemoteCallErrorCode {
  if (status === 401 || status === 403) return "denied";
  if (!isRefused) return "invalid-reply";
  if (status === 503) return "overloaded";
  return status === 413 ? "not-sendable" : "denied";
}

import { isLoopbackHost } from "../../../http/mod.ts";
import { XmlRpcFault, XmlRpcHttpError, XmlRpcTransportError } from "../../../xmlrpc/mod.ts";
import {
  createCallDetails,
  createCallError,
  readRefusalReason,
  type RemoteCall,
  type RemoteCallError,
  type RemoteCallErrorCode,
  RemoteFault,
} from "../../mod.ts";
import { findRefusal } from "../refusals.ts";

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
  if (error instanceof XmlRpcFault) return translateFault(error, call, executed);
  if (error instanceof XmlRpcTransportError) return translateTransportError(error, call, executed);
  return error;
}

function translateFault(
  cause: XmlRpcFault,
  call: RemoteCall,
  executed: string | undefined,
): RemoteCallError {
  const { faultCode, faultString, members } = cause;
  // Only the header proves that our exporter refused: others may use the same codes.
  const refusal = executed === undefined ? undefined : findRefusal(faultCode);
  if (refusal !== undefined) {
    const isExecuted = executed === "no" ? false : "unknown";
    const reason = readRefusalReason(faultString, call);
    return createCallError(refusal, reason, call, { cause, isExecuted });
  }
  const [, id, name] = IPOPO_UNKNOWN_SERVICE.exec(faultString) ?? [];
  if (id === String(call.endpoint.remoteServiceId) && name === call.method) {
    return createCallError("wrong-service", faultString, call, { cause });
  }
  return new RemoteFault(faultCode, faultString, { ...createCallDetails(call), cause, members });
}

function translateTransportError(
  error: XmlRpcTransportError,
  call: RemoteCall,
  executed: string | undefined,
): RemoteCallError {
  const isRefused = executed === "no";
  // A call that was never sent, or that our exporter refused, can't have run.
  const isExecuted = !isRefused && error.wasSent ? "unknown" : false;
  const code = findCode(error, isRefused);
  const hint = code === "unreachable" ? explainLoopback(call.endpoint.containerId) : "";
  return createCallError(code, error.reason + hint, call, { cause: error, isExecuted });
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

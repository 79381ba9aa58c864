import { type ErrorDetail, XmlRpcFault } from "../../xmlrpc/mod.ts";
import {
  createThrownFault,
  createUserFault,
  GENERAL_FAULT,
  RemoteCallError,
  RemoteFault,
  UnsendableResultError,
} from "../mod.ts";
import { createRefusal } from "./refusals.ts";

/**
 * Returns what a thrown value is answered with: a fault, a refusal, or the error itself for
 * the handler to describe.
 */
export function translateThrown(thrown: unknown, detail: ErrorDetail): unknown {
  if (thrown instanceof RemoteCallError && !(thrown instanceof RemoteFault)) {
    return createRefusal(thrown) ?? thrown;
  }
  if (thrown instanceof XmlRpcFault) {
    return toXmlRpcFault(createUserFault(thrown.faultCode, thrown.faultString));
  }
  // The message may reveal internals of the service; that of a `RemoteFault` is for callers.
  const isHidden = detail === "none" && !(thrown instanceof RemoteFault);
  if (isHidden || typeof thrown === "string") return thrown;
  if (thrown instanceof UnsendableResultError) return new XmlRpcFault(GENERAL_FAULT, thrown.reason);
  const fault = createThrownFault(thrown);
  return fault === undefined ? thrown : toXmlRpcFault(fault);
}

function toXmlRpcFault({ faultCode, faultString }: RemoteFault): XmlRpcFault {
  return new XmlRpcFault(faultCode, faultString);
}

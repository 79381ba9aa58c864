import { type ErrorDetail, XmlRpcFault } from "../../xmlrpc/mod.ts";
import {
  GENERAL_FAULT,
  isReservedFaultCode,
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
  if (thrown instanceof RemoteFault) return createFault(thrown.faultCode, thrown.faultString);
  if (thrown instanceof RemoteCallError) return createRefusal(thrown) ?? thrown;
  if (thrown instanceof XmlRpcFault) return createUserFault(thrown.faultCode, thrown.faultString);
  if (thrown instanceof UnsendableResultError && detail !== "none") {
    return new XmlRpcFault(GENERAL_FAULT, thrown.reason);
  }
  if (thrown instanceof Error || typeof thrown === "string" || detail === "none") return thrown;
  return createFaultOfValue(thrown);
}

/** Creates the fault of a thrown value that is not an error: a number, or `{ code, message }`. */
function createFaultOfValue(thrown: unknown): XmlRpcFault {
  if (typeof thrown !== "object" || thrown === null) {
    return new XmlRpcFault(GENERAL_FAULT, String(thrown));
  }
  const { code, message }: { code?: unknown; message?: unknown } = thrown;
  const words = message === undefined ? describeObject(thrown) : String(message);
  return createUserFault(typeof code === "number" ? code : GENERAL_FAULT, words);
}

/** Creates a fault; a code that is the library's own becomes 1. */
function createUserFault(code: number, words: string): XmlRpcFault {
  return createFault(isReservedFaultCode(code) ? GENERAL_FAULT : code, words);
}

/** Creates a fault; a code that is not a 32-bit integer, or 0, becomes 1. */
function createFault(code: number, words: string): XmlRpcFault {
  return new XmlRpcFault((code | 0) === code && code !== 0 ? code : GENERAL_FAULT, words);
}

function describeObject(thrown: object): string {
  try {
    return JSON.stringify(thrown).slice(0, 1000);
  } catch {
    return Object.prototype.toString.call(thrown); // it refers to itself, or has a bigint
  }
}

import { readMember } from "./built_in_classes.ts";
import { GENERAL_FAULT, isReservedFaultCode } from "./method_outcome.ts";
import { RemoteFault } from "./remote_call_error.ts";

/**
 * Returns the fault that a thrown value is sent as, with code and words of a `RemoteFault`, of
 * `{ code, message }` or `{ faultCode, faultString }`, a string, a number or another value; `undefined` for errors, whose codes
 * are those of a system or of a library.
 */
export function createThrownFault(thrown: unknown): RemoteFault | undefined {
  if (thrown instanceof RemoteFault) return createFault(thrown.faultCode, thrown.faultString);
  if (thrown instanceof Error) return undefined;
  if (typeof thrown !== "object" || thrown === null) {
    return createFault(GENERAL_FAULT, typeof thrown === "function" ? "a function" : String(thrown));
  }
  const code = readMember(thrown, "faultCode") ?? readMember(thrown, "code");
  const message = readMember(thrown, "faultString") ?? readMember(thrown, "message");
  const words = message === undefined ? describeObject(thrown) : toWords(message);
  return createUserFault(typeof code === "number" ? code : GENERAL_FAULT, words);
}

/** Returns the words of a message of any type; none if it has no string form. */
function toWords(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "";
  }
}

/** Creates a fault; a code that is the library's own becomes 1. */
export function createUserFault(code: number, words: string): RemoteFault {
  return createFault(isReservedFaultCode(code) ? GENERAL_FAULT : code, words);
}

/** Creates a fault; a code that is not a 32-bit integer, or 0, becomes 1. */
function createFault(code: number, words: string): RemoteFault {
  const isSendable = (code | 0) === code && code !== 0;
  return new RemoteFault(isSendable ? code : GENERAL_FAULT, words || "The method failed");
}

function describeObject(thrown: object): string {
  if (thrown instanceof Date) return String(thrown.toJSON());
  try {
    return JSON.stringify(thrown).slice(0, 1000);
  } catch {
    return Object.prototype.toString.call(thrown); // it refers to itself, or has a bigint
  }
}

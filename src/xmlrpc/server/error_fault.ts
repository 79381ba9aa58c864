import { XmlRpcFault, XmlRpcValueError } from "../codec/mod.ts";

/**
 * Amount of detail that a fault has about an error: nothing, its message without paths, or its
 * stack.
 */
export type ErrorDetail = "none" | "message" | "stack";

/** `file:` URLs, Windows paths, and paths of two parts and more. */
const PATHS =
  /file:\/\/[^\s"')]+|\\\\[^\s"')]+|\b[A-Za-z]:[\\/][^\s"')]+|(?<![\p{L}\d/.])(?:\/[^\s"'():,;/]+){2,}\/?/gu;

/** Returns the fault that answers a thrown value. */
export function createFault(error: unknown, faultCode: number, detail: ErrorDetail): XmlRpcFault {
  if (error instanceof XmlRpcFault) return error;
  return new XmlRpcFault(faultCode, describeError(error, detail) || "The method failed");
}

/** Describes to a caller why it has no result; advice for the method's developer is logged. */
export function describeUnsendable(error: unknown, detail: ErrorDetail = "message"): string {
  if (!(error instanceof XmlRpcValueError) || detail === "none") return "The method failed";
  return `The result can't be sent: ${error.reason}`;
}

function describeError(error: unknown, detail: ErrorDetail): string {
  if (detail === "none") return "";
  if (error instanceof Error && detail === "stack") return error.stack ?? error.message;
  const text = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  return detail === "stack" ? text : text.replace(PATHS, "<path>");
}

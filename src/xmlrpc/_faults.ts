import { XmlRpcFault } from "./errors.ts";

/** How much a fault tells of an error: nothing, its message without paths, or its stack. */
export type ErrorDetail = "none" | "message" | "stack";

/** `file:` URLs, paths of two parts and more, and Windows paths. */
const PATHS = /file:\/\/[^\s"')]+|(?<![\w:/.])(?:\/[\w.@+~-]+){2,}\/?|\b[A-Za-z]:\\[^\s"')]+/g;

/** The fault that a thrown thing is answered with. */
export function faultFrom(error: unknown, faultCode: number, detail: ErrorDetail): XmlRpcFault {
  if (error instanceof XmlRpcFault) return error;
  return new XmlRpcFault(faultCode, wordsOf(error, detail) || "The method failed");
}

function wordsOf(error: unknown, detail: ErrorDetail): string {
  if (detail === "none") return "";
  if (error instanceof Error && detail === "stack") return error.stack ?? error.message;
  const text = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  return detail === "stack" ? text : text.replace(PATHS, "<path>");
}

import { XmlRpcFault } from "../codec/mod.ts";

/** How much a fault tells of an error: nothing, its message without paths, or its stack. */
export type ErrorDetail = "none" | "message" | "stack";

/** `file:` URLs, Windows paths, and paths of two parts and more. */
const PATHS =
  /file:\/\/[^\s"')]+|\\\\[^\s"')]+|\b[A-Za-z]:[\\/][^\s"')]+|(?<![\p{L}\d/.])(?:\/[^\s"'():,;/]+){2,}\/?/gu;

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

import { encodeFault } from "../../xmlrpc/mod.ts";
import type { RemoteCallError, RemoteCallErrorCode } from "../mod.ts";

/** Response header that says whether the method of a refused call ran. */
export const EXECUTED_HEADER = "x-osgi-executed";

/** Fault codes of refusals by our exporters, within the range that is the library's own. */
const REFUSALS: ReadonlyMap<RemoteCallErrorCode, number> = new Map([
  ["no-such-method", -32_001],
  ["wrong-service", -32_002],
  ["denied", -32_003],
  ["overloaded", -32_004],
  ["closed", -32_005],
  ["timeout", -32_006],
]);

/** Returns the reason that one of our exporters refused a call for, by the fault's code. */
export function findRefusal(faultCode: number): RemoteCallErrorCode | undefined {
  for (const [code, number] of REFUSALS) if (number === faultCode) return code;
  return undefined;
}

/**
 * Creates the answer to a call that was refused or took too long; `undefined` if the error
 * is not such a refusal. Its header is the proof that nothing ran.
 */
export function createRefusal(
  { code, isExecuted, message }: RemoteCallError,
): Response | undefined {
  const faultCode = REFUSALS.get(code);
  if (faultCode === undefined) return undefined;
  return new Response(encodeFault(faultCode, message), {
    status: code === "denied" ? 403 : 200,
    headers: {
      "content-type": "text/xml; charset=utf-8",
      [EXECUTED_HEADER]: isExecuted === false ? "no" : "unknown",
    },
  });
}

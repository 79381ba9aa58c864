import type { HostRules, HttpTarget } from "../../http/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { findIntentProblem } from "./intents.ts";
import { createCallError, type RemoteCall, type RemoteCallError } from "../mod.ts";

/** Address of an endpoint that may not be called from here. */
export class RefusedAddress {
  readonly #reason: string;

  constructor(reason: string) {
    this.#reason = reason;
  }

  /** Creates the error of a call of the endpoint; nothing is sent. */
  createError(call: RemoteCall): RemoteCallError {
    return createCallError("not-allowed", this.#reason, call);
  }
}

/** Returns why nothing may be sent to the address of an endpoint; `undefined` if it may. */
export function findAddressProblem(
  { intents }: Pick<EndpointDescription, "intents">,
  target: HttpTarget,
  allowHosts: HostRules | undefined,
): string | undefined {
  const problem = findIntentProblem(intents, target);
  if (problem !== undefined) return problem;
  return allowHosts?.allows(target) === false
    ? `${allowHosts.option} does not have its host`
    : undefined;
}

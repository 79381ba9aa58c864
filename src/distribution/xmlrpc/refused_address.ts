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

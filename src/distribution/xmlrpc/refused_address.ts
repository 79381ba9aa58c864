import { toPrintable } from "../../util/mod.ts";
import { createCallDetails, type RemoteCall, RemoteCallError } from "../mod.ts";

/** Address of an endpoint that may not be called from here. */
export class RefusedAddress {
  readonly #url: string;
  readonly #reason: string;

  constructor(url: string, reason: string) {
    this.#url = toPrintable(url);
    this.#reason = reason;
  }

  /** Creates the error of a call of the endpoint; nothing is sent. */
  createError(call: RemoteCall): RemoteCallError {
    return new RemoteCallError(
      "not-allowed",
      `Cannot call ${call.method} of ${call.interfaceName} at ${this.#url}: ${this.#reason}`,
      createCallDetails(call),
    );
  }
}

/**
 * Reason that a remote service is not available, as the `code` of a {@link RemoteServiceError}.
 *
 * - `not-exportable`: the service's properties do not allow an export.
 * - `no-provider`: no distribution provider has the configuration types or intents.
 * - `timeout`: no such service was discovered in time.
 * - `closed`: the host was closed.
 */
export type RemoteServiceErrorCode = "not-exportable" | "no-provider" | "timeout" | "closed";

/** Error of exports and imports; branch on `code`. Calls fail with a `RemoteCallError`. */
export class RemoteServiceError extends Error {
  /** Always `RemoteServiceError`. */
  override readonly name = "RemoteServiceError";
  /** Reason of the failure. */
  readonly code: RemoteServiceErrorCode;

  /** Creates an error. */
  constructor(code: RemoteServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Creates the error of an update through a registration that is closed. */
export function createClosedError(kind: "export" | "import", endpointId: string): Error {
  return new Error(
    `Cannot update the ${kind} of endpoint ${endpointId}: its registration is closed; ` +
      `${kind} it again`,
  );
}

/**
 * Why a remote service can't be had, as the `code` of a {@link RemoteServiceError}.
 *
 * - `not-exportable`: the service's properties do not allow an export.
 * - `no-provider`: no distribution provider has the configuration types or intents.
 * - `endpoint-gone`: the endpoint was withdrawn, or its exporter is gone.
 * - `timeout`: no such service was discovered in time.
 * - `closed`: the host was closed.
 */
export type RemoteServiceErrorCode =
  | "not-exportable"
  | "no-provider"
  | "endpoint-gone"
  | "timeout"
  | "closed";

/** The error class of exports and imports; branch on `code`. */
export class RemoteServiceError extends Error {
  /** Always `RemoteServiceError`. */
  override readonly name = "RemoteServiceError";
  /** What went wrong. */
  readonly code: RemoteServiceErrorCode;

  /** Makes an error of the given code. */
  constructor(code: RemoteServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Kind of a {@link DiscoveryError}.
 *
 * - `unavailable`: the directory is out of reach.
 * - `closed`: the discovery is closed.
 */
export type DiscoveryErrorCode = "unavailable" | "closed";

/** Error of a discovery whose directory has no error class of its own. */
export class DiscoveryError extends Error {
  /** Always `DiscoveryError`. */
  override readonly name = "DiscoveryError";
  /** Kind of the error. */
  readonly code: DiscoveryErrorCode;

  /** Creates an error; used by providers. */
  constructor(code: DiscoveryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

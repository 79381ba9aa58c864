import { explainPermission, toMessage } from "../../util/mod.ts";
import { CertificateError } from "./certificate.ts";
import type { HttpListenOptions, HttpServerTls } from "./http_server.ts";

/**
 * Reason of an {@link HttpListenError}.
 *
 * - `port-in-use`: another process listens on the port.
 * - `address-unavailable`: the address is not one of this machine.
 * - `permission-denied`: the system, or Deno, does not allow to listen there.
 * - `invalid-tls`: the certificate or its key cannot be used.
 * - `failed`: any other reason; the `cause` has it.
 */
export type HttpListenErrorCode =
  | "port-in-use"
  | "address-unavailable"
  | "permission-denied"
  | "invalid-tls"
  | "failed";

/** The HTTP service can't listen. Branch on `code`. */
export class HttpListenError extends Error {
  /** Always `HttpListenError`. */
  override readonly name = "HttpListenError";
  /** Reason of the failure. */
  readonly code: HttpListenErrorCode;

  /** Creates an error. */
  constructor(code: HttpListenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Code and advice. */
type Reason = readonly [code: HttpListenErrorCode, advice: string];

const IN_USE: Reason = ["port-in-use", "the port is in use; choose another"];
const NO_ADDRESS: Reason = [
  "address-unavailable",
  "this machine does not have the address; give one of its own",
];
const NO_RIGHT: Reason = [
  "permission-denied",
  "the port needs more rights; choose one above 1023",
];

/** Reasons and advice by the names that Node and Deno use. */
const REASONS: ReadonlyMap<string, Reason> = new Map([
  ["EADDRINUSE", IN_USE],
  ["AddrInUse", IN_USE],
  ["EADDRNOTAVAIL", NO_ADDRESS],
  ["AddrNotAvailable", NO_ADDRESS],
  ["EINVAL", NO_ADDRESS], // node:http on Deno
  ["ENOTFOUND", NO_ADDRESS],
  ["EACCES", NO_RIGHT],
  ["PermissionDenied", NO_RIGHT],
]);

/** Returns the error of a server that can't listen. */
export function toListenError(
  error: unknown,
  options: Pick<HttpListenOptions, "hostname" | "port" | "tls">,
): HttpListenError {
  if (error instanceof HttpListenError) return error;
  const { hostname, port, tls } = options;
  const address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  return createListenError(error, { label: `Cannot listen on ${address}`, address, tls });
}

/** Returns the error of a server that can't change its certificate. */
export function toReloadError(error: unknown, tls: HttpServerTls): HttpListenError {
  return createListenError(error, { label: "Cannot reload the certificate", address: "", tls });
}

function createListenError(
  error: unknown,
  { label, address, tls }: {
    readonly label: string;
    readonly address: string;
    readonly tls: HttpServerTls | undefined;
  },
): HttpListenError {
  const permission = explainPermission(error, address);
  if (permission !== undefined) {
    return new HttpListenError("permission-denied", `${label}: ${permission}`, { cause: error });
  }
  const [code, reason] = findReason(error) ??
    (tls === undefined || isSystemError(error)
      ? ["failed" as const, toMessage(error)]
      : ["invalid-tls" as const, findTlsReason(error)]);
  return new HttpListenError(code, `${label}: ${reason}`, { cause: error });
}

function findReason(error: unknown): Reason | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return REASONS.get(code) ?? REASONS.get(error.name);
}

function findTlsReason(error: unknown): string {
  return error instanceof CertificateError
    ? error.message
    : "the certificate or its key can't be read; give PEM";
}

/** Whether an error comes from the operating system, not from a certificate. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/**
 * Kinds of failure; the `code` of an {@link EtcdError}.
 *
 * - `unavailable`: no member could be reached, or the connection broke.
 * - `timeout`: no reply in time; a write may or may not have been applied.
 * - `no-leader`: the member has lost its quorum.
 * - `learner`: the member is a learner and does not serve this call.
 * - `unauthenticated`: the token is missing, unknown or expired.
 * - `authentication-failed`: the user name or the password is wrong.
 * - `auth-not-enabled`: credentials were sent to a cluster without authentication.
 * - `permission-denied`: the user's roles do not allow the call.
 * - `lease-not-found`: the lease has expired or was revoked.
 * - `compacted`: the requested revision was compacted.
 * - `future-revision`: the requested revision does not exist yet.
 * - `no-space`: the cluster has a NOSPACE alarm and refuses writes.
 * - `too-large`: the request or the reply exceeds a size limit.
 * - `invalid-argument`: the server refused the arguments.
 * - `closed`: the client or the connection was closed during the call.
 * - `protocol`: the reply is not one of etcd.
 * - `internal`: any other failure that a member reported.
 */
export type EtcdErrorCode =
  | "unavailable"
  | "timeout"
  | "no-leader"
  | "learner"
  | "unauthenticated"
  | "authentication-failed"
  | "auth-not-enabled"
  | "permission-denied"
  | "lease-not-found"
  | "compacted"
  | "future-revision"
  | "no-space"
  | "too-large"
  | "invalid-argument"
  | "closed"
  | "protocol"
  | "internal";

/** Details of an {@link EtcdError}. */
export interface EtcdErrorDetails extends ErrorOptions {
  /** Member that was called, as `host:port`. */
  readonly endpoint?: string;
  /** Status code of gRPC, if there is one. */
  readonly status?: number;
  /** For `compacted`: oldest revision that still exists. */
  readonly compactRevision?: bigint;
}

/**
 * Failure of a call to etcd. Decide by `code`; messages may change.
 *
 * @example
 * ```ts
 * import { EtcdClient, EtcdError } from "@remote-services/etcd3/etcd";
 *
 * await using etcd = new EtcdClient({ endpoints: "localhost:1" });
 * try {
 *   await etcd.kv.range("greeting");
 * } catch (error) {
 *   if (!(error instanceof EtcdError)) throw error;
 *   console.log(error.code); // unavailable
 * }
 * ```
 */
export class EtcdError extends Error {
  /** Always `EtcdError`. */
  override readonly name = "EtcdError";
  /** Kind of failure. */
  readonly code: EtcdErrorCode;
  /** Member that was called, as `host:port`. */
  readonly endpoint: string | undefined;
  /** Status code of gRPC, if there is one. */
  readonly status: number | undefined;
  /** For `compacted`: oldest revision that still exists; 0 if unknown. */
  readonly compactRevision: bigint;

  /** Creates an error; the message names the call and the member. */
  constructor(code: EtcdErrorCode, message: string, options: EtcdErrorDetails = {}) {
    super(message, options);
    this.code = code;
    this.endpoint = options.endpoint;
    this.status = options.status;
    this.compactRevision = options.compactRevision ?? 0n;
  }

  /** Whether a write that failed may still have been applied, because only its reply was lost. */
  get isAmbiguous(): boolean {
    return this.code === "timeout" || this.code === "unavailable" ||
      this.code === "closed" || this.code === "internal";
  }
}

/** Parts of server messages that decide the code, by status; the first match counts. */
const MESSAGES: ReadonlyArray<readonly [status: number, part: string, code: EtcdErrorCode]> = [
  [3, "request is too large", "too-large"],
  [3, "user name is empty", "unauthenticated"],
  [3, "revision of auth store is old", "unauthenticated"],
  [3, "authentication failed", "authentication-failed"],
  [5, "lease not found", "lease-not-found"],
  [8, "database space exceeded", "no-space"],
  [8, "larger than max", "too-large"],
  [8, "too many requests", "unavailable"],
  [9, "authentication is not enabled", "auth-not-enabled"],
  [9, "not supported for learner", "learner"],
  [11, "compacted", "compacted"],
  [11, "future revision", "future-revision"],
  [14, "no leader", "no-leader"],
  [14, "not supported for learner", "learner"],
];

/** Codes of statuses, if no message decides. */
const STATUSES: ReadonlyMap<number, EtcdErrorCode> = new Map<number, EtcdErrorCode>([
  [1, "unavailable"],
  [3, "invalid-argument"],
  [4, "timeout"],
  [7, "permission-denied"],
  [8, "too-large"],
  [14, "unavailable"],
  [16, "unauthenticated"],
]);

/** Returns the code for a status of gRPC and the message of the server. */
export function toErrorCode(status: number, message: string): EtcdErrorCode {
  const match = MESSAGES.find(([of, part]) => of === status && message.includes(part));
  return match?.[2] ?? STATUSES.get(status) ?? "internal";
}

/** Returns the code for the reason with which the server refused or cancelled a watch. */
export function toCancelCode(reason: string): EtcdErrorCode {
  if (reason.includes("compacted")) return "compacted";
  if (reason.includes("permission denied")) return "permission-denied";
  if (reason.includes("no leader")) return "no-leader";
  if (/invalid auth token|user name is empty|auth store is old/.test(reason)) {
    return "unauthenticated";
  }
  return "internal";
}

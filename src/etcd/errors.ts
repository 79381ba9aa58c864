/**
 * What can go wrong, as the literal `code` of an {@link EtcdError}.
 *
 * - `unavailable`: no member could be reached, or the connection broke.
 * - `timeout`: no answer in time; a write may or may not have been applied.
 * - `no-leader`: the member that answered has lost its quorum.
 * - `learner`: the member that answered is a learner and serves no such call.
 * - `unauthenticated`: the token is missing, unknown or expired.
 * - `authentication-failed`: the user name or the password is wrong.
 * - `auth-not-enabled`: credentials were sent to a cluster that has auth off.
 * - `permission-denied`: the user's roles do not allow the call.
 * - `lease-not-found`: the lease has expired or was revoked.
 * - `compacted`: the revision asked for has been compacted away.
 * - `future-revision`: the revision asked for does not exist yet.
 * - `no-space`: the cluster has raised its NOSPACE alarm and refuses writes.
 * - `too-large`: the request or the reply exceeds a size limit.
 * - `invalid-argument`: the server refused the arguments.
 * - `closed`: the client was closed, or the connection was given up, during the call.
 * - `protocol`: the server answered something that etcd does not answer.
 * - `internal`: anything else that a member reported.
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

/** Facts that accompany an {@link EtcdError}. */
export interface EtcdErrorOptions extends ErrorOptions {
  /** The member, as `host:port`, that the call went to. */
  readonly endpoint?: string;
  /** The gRPC status code, when a member or the transport gave one. */
  readonly status?: number;
  /** For `compacted`: the oldest revision that is still there. */
  readonly compactRevision?: bigint;
}

/** The one error class of the etcd layer; branch on `code`, never on the message. */
export class EtcdError extends Error {
  /** Always `EtcdError`. */
  override readonly name = "EtcdError";
  /** What went wrong. */
  readonly code: EtcdErrorCode;
  /** The member, as `host:port`, that the call went to. */
  readonly endpoint: string | undefined;
  /** The gRPC status code, when there was one. */
  readonly status: number | undefined;
  /** For `compacted`: the oldest revision that is still there, 0 when unknown. */
  readonly compactRevision: bigint;

  /** Makes an error of the given code; `message` says what failed and where. */
  constructor(code: EtcdErrorCode, message: string, options: EtcdErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.endpoint = options.endpoint;
    this.status = options.status;
    this.compactRevision = options.compactRevision ?? 0n;
  }

  /**
   * Whether a write that failed so may have been applied all the same, now or
   * later: the answer was lost, not the request.
   */
  get isAmbiguous(): boolean {
    return this.code === "timeout" || this.code === "unavailable" ||
      this.code === "closed" || this.code === "internal";
  }
}

/** Server texts that decide the code, by gRPC status; the first match wins. */
const TEXTS: ReadonlyArray<readonly [status: number, text: string, code: EtcdErrorCode]> = [
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

/** The code of a gRPC status when no text decides. */
const STATUSES: ReadonlyMap<number, EtcdErrorCode> = new Map<number, EtcdErrorCode>([
  [1, "closed"],
  [3, "invalid-argument"],
  [4, "timeout"],
  [7, "permission-denied"],
  [8, "too-large"],
  [14, "unavailable"],
  [16, "unauthenticated"],
]);

/** Translates a gRPC status and its text; the one place that reads server texts. */
export function codeOfStatus(status: number, text: string): EtcdErrorCode {
  const match = TEXTS.find(([of, part]) => of === status && text.includes(part));
  return match?.[2] ?? STATUSES.get(status) ?? "internal";
}

/** Translates the reason of a watch that the server refused or cancelled. */
export function codeOfCancelReason(reason: string): EtcdErrorCode {
  if (reason.includes("compacted")) return "compacted";
  if (reason.includes("permission denied")) return "permission-denied";
  if (reason.includes("no leader")) return "no-leader";
  if (/invalid auth token|user name is empty|auth store is old/.test(reason)) {
    return "unauthenticated";
  }
  return "internal";
}

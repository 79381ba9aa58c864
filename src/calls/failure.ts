import { RemoteCallError, type RemoteCallErrorCode } from "../distribution/mod.ts";
import type { Outcome } from "./outcome_window.ts";

/** Meaning of a failed call for its endpoint and for another attempt. */
export interface Judgement {
  /** Outcome to record; `undefined` if it says nothing about the endpoint. */
  readonly outcome: Exclude<Outcome, "success"> | undefined;
  /** Whether the exporter could not be reached: the next call would take as long to find out. */
  readonly isUnreachable: boolean;
  /** Whether the exporter does not have the endpoint any more. */
  readonly isGone: boolean;
  /** Whether every endpoint would fail in the same way. */
  readonly isFinal: boolean;
  /** Whether an endpoint that can be called may appear soon, as after a restart. */
  readonly mayReturn: boolean;
}

const ABANDONED: Judgement = {
  outcome: undefined,
  isUnreachable: false,
  isGone: false,
  isFinal: true,
  mayReturn: false,
};
const ANSWERED: Judgement = { ...ABANDONED, outcome: "fault" };
const FAILED: Judgement = { ...ABANDONED, outcome: "failure", isFinal: false };
const UNREACHABLE: Judgement = { ...FAILED, isUnreachable: true, mayReturn: true };
const GONE: Judgement = { ...ABANDONED, isGone: true, isFinal: false, mayReturn: true };

const BY_CODE: Readonly<Record<RemoteCallErrorCode, Judgement>> = {
  "fault": ANSWERED,
  "no-such-method": ABANDONED,
  "wrong-service": GONE,
  "denied": ABANDONED,
  "overloaded": FAILED,
  "closed": GONE,
  "unreachable": UNREACHABLE,
  "interrupted": FAILED,
  "timeout": FAILED,
  "endpoint-gone": GONE,
  "not-allowed": FAILED,
  "invalid-reply": FAILED,
  "not-sendable": ABANDONED,
};

/** Returns what a failure says. Errors of other kinds come from the caller's own signal. */
export function judgeFailure(error: unknown): Judgement {
  return error instanceof RemoteCallError ? BY_CODE[error.code] : ABANDONED;
}

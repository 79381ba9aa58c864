import type { DecodeOptions, EncodeOptions, IntegerForm } from "../codec/mod.ts";
import type { Authenticate } from "./auth.ts";
import type { AuthorizeMethod } from "./method_rights.ts";
import type { ErrorDetail } from "./error_fault.ts";
import type { BodyLimits } from "./request_body.ts";
import type { SystemMethods } from "./system_methods.ts";

/** Settings of an XML-RPC request handler; all may be left out. */
export interface HandlerOptions
  extends
    BodyLimits,
    Omit<DecodeOptions, "maxLength">,
    Omit<EncodeOptions, "maxLength" | "dialect" | "integers"> {
  /**
   * Form of whole numbers beyond 32 bits in results (see {@link EncodeOptions}); a function
   * returns it for each method. @default "strict"
   */
  readonly integers?: IntegerForm | ((methodName: string) => IntegerForm);
  /** Longest answer, in characters. @default 8388608 */
  readonly maxReplyLength?: number;
  /**
   * Most requests whose bodies are being read or that wait for `authenticate`; more get status
   * 503. @default 1000
   */
  readonly maxPendingRequests?: number;
  /** Most running calls; more get status 503. @default 1000 */
  readonly maxCalls?: number;
  /**
   * Longest time that a call may take before it is answered with a fault; a function returns
   * it for each request. The method is notified by its `signal`. `Infinity` means none.
   * @default 30000
   */
  readonly callTimeoutMs?: number | ((request: Request) => number);
  /**
   * Authenticates the caller, or refuses the request. No caller is let in if it fails, or takes
   * longer than `bodyTimeoutMs`. @default every caller, without a name
   */
  readonly authenticate?: Authenticate;
  /**
   * Decides whether the caller may call a method, also one of `system.`. Each call within a
   * `system.multicall` is asked for, besides the multicall itself. A refusal has status 403.
   * @default every call
   */
  readonly authorize?: AuthorizeMethod;
  /** Methods of `system.`, `false` for none. A dispatching function has none. */
  readonly system?: SystemMethods | false;
  /**
   * Amount of detail that a fault has about an error that is not a fault: nothing (`none`),
   * its message without paths (`message`), or its whole stack (`stack`).
   * @default "message"
   */
  readonly errorDetail?: ErrorDetail;
  /**
   * Fault code of an error that a method throws and that is not a fault, and of a result that
   * can't be sent.
   * @default -32500 and -32603
   */
  readonly errorCode?: number;
  /**
   * Receives the status of each reply to a request that was refused before its method was known,
   * such as `401`, and `invalid-call` for a document that is not a call.
   */
  readonly onRefusal?: (code: string) => void;
  /** Receives each error that is not a fault. May be async; its own errors are dropped. */
  readonly onError?: (error: unknown, methodName: string) => void;
  /**
   * Aborted when the server closes: running calls are answered with a fault. Until then the
   * handler keeps a timer that does not hold the process, which makes it faster.
   */
  readonly signal?: AbortSignal;
  /** Whether `signal` ends running calls. @default true */
  readonly endsCalls?: boolean;
}

const NAMES: Readonly<Record<keyof HandlerOptions, true>> = {
  allowNil: true,
  authenticate: true,
  authorize: true,
  bodyTimeoutMs: true,
  callTimeoutMs: true,
  dateTimeAs: true,
  endsCalls: true,
  errorCode: true,
  errorDetail: true,
  i8As: true,
  integers: true,
  joinSurrogates: true,
  lenient: true,
  maxBodyMemory: true,
  maxBytes: true,
  maxCalls: true,
  maxDepth: true,
  maxPendingRequests: true,
  maxReplyLength: true,
  maxValues: true,
  methodNames: true,
  onError: true,
  onRefusal: true,
  signal: true,
  system: true,
  timeZone: true,
  typedNumbers: true,
};

/** Names of the {@link HandlerOptions}. */
export const HANDLER_OPTION_NAMES: readonly string[] = Object.keys(NAMES);

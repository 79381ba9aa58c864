import type { EndpointDescription } from "../endpoint/mod.ts";

/**
 * One attempt of a remote call, as interceptors and providers see it. An interceptor that
 * changes it passes a changed copy on: `next({ ...call, headers: {...} })`.
 */
export interface RemoteCall {
  /** `outgoing` in the process that calls, `incoming` in the one that runs the method. */
  readonly direction: "outgoing" | "incoming";
  /** Interface that is called; for incoming calls the first one that the endpoint offers. */
  readonly interfaceName: string;
  /** Name of the method. */
  readonly method: string;
  /** Arguments in their order. */
  readonly parameters: readonly unknown[];
  /** Headers that travel beside the call, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the caller no longer waits for the result. */
  readonly signal: AbortSignal | undefined;
  /**
   * Time on the clock of `performance.now()` when the caller stops waiting, in milliseconds;
   * `undefined` means that the provider's default applies.
   */
  readonly deadlineMs: number | undefined;
  /** Endpoint that is called. */
  readonly endpoint: EndpointDescription;
  /** Number of the attempt, from 1; always 1 for incoming calls. */
  readonly attempt: number;
  /** Form of whole numbers beyond 32 bits among the arguments. @default the provider's */
  readonly integers?: IntegerForm | undefined;
  /** Caller of an incoming call, as the server's `authenticate` determined it. */
  readonly principal: unknown;
}

/**
 * Form of whole numbers beyond 32 bits, such as `Date.now()`, where a protocol has no type for
 * them: refused, sent as a floating-point number, or by an extension.
 */
export type IntegerForm = "strict" | "double" | "i8";

/** Members of an incoming call that the protocol determines. */
export interface ReceivedCall extends
  Pick<
    RemoteCall,
    "method" | "parameters" | "headers" | "signal" | "deadlineMs" | "principal"
  > {
  /** Returns one header by its name in lower case. @default that of `headers` */
  readHeader?(name: string): string | undefined;
}

/** Options of a remote call; all may be left out. */
export interface RemoteCallOptions {
  /** Longest time to wait for the result, in milliseconds. @default the proxy's own */
  readonly timeoutMs?: number | undefined;
  /**
   * Time on the clock of `performance.now()` when waiting ends, such as the `deadlineMs` of
   * the incoming call that causes this one. The earlier of both limits counts.
   */
  readonly deadlineMs?: number | undefined;
  /** Aborts the call; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Headers to send beside the call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Methods that may run more than once when it is unknown whether a call arrived; `true`
   * for all.
   */
  readonly idempotent?: true | readonly string[] | undefined;
  /** Form of whole numbers beyond 32 bits among the arguments. @default the host's */
  readonly integers?: IntegerForm | undefined;
}

/** Options of one attempt, which a proxy that chooses among endpoints sets. */
export interface RemoteAttemptOptions extends RemoteCallOptions {
  /** Number of the attempt, from 1. @default 1 */
  readonly attempt?: number | undefined;
  /** Interface that is called. @default the endpoint's first one */
  readonly interfaceName?: string | undefined;
}

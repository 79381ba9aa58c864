import { hideCredentials } from "../util/mod.ts";

/**
 * Reason that a remote call failed, as the `code` of a {@link RemoteCallError}.
 *
 * - `fault`: the method threw, or its result cannot be sent.
 * - `no-such-method`: the service has no such method.
 * - `wrong-service`: the address has another service, or the service is no longer exported.
 * - `denied`: the exporter does not allow the call.
 * - `overloaded`: the exporter runs too many calls.
 * - `closed`: the exporter is closing, or this host is closed.
 * - `unreachable`: no connection was made.
 * - `interrupted`: the connection broke after the request was sent.
 * - `timeout`: no answer in time.
 * - `endpoint-gone`: no endpoint is known.
 * - `not-allowed`: the address may not be called from here.
 * - `invalid-reply`: the answer cannot be read, or a proxy in between sent it.
 * - `not-sendable`: an argument cannot be sent.
 */
export type RemoteCallErrorCode =
  | "fault"
  | "no-such-method"
  | "wrong-service"
  | "denied"
  | "overloaded"
  | "closed"
  | "unreachable"
  | "interrupted"
  | "timeout"
  | "endpoint-gone"
  | "not-allowed"
  | "invalid-reply"
  | "not-sendable";

/** Whether the method ran: `unknown` if the connection ended before an answer. */
export type ExecutionState = boolean | "unknown";

/** Whether a method ran, by the code of the error; a provider may know better. */
const EXECUTED: Readonly<Record<RemoteCallErrorCode, ExecutionState>> = {
  "fault": true,
  "no-such-method": false,
  "wrong-service": false,
  "denied": false,
  "overloaded": false,
  "closed": false,
  "unreachable": false,
  "interrupted": "unknown",
  "timeout": "unknown",
  "endpoint-gone": false,
  "not-allowed": false,
  "invalid-reply": "unknown",
  "not-sendable": false,
};

/** Details of a {@link RemoteCallError}; all may be left out. */
export interface RemoteCallErrorDetails extends ErrorOptions {
  /** Interface that was called. */
  readonly interfaceName?: string | undefined;
  /** Method that was called. */
  readonly method?: string | undefined;
  /** Address of the endpoint, `ecf.endpoint.id`. */
  readonly address?: string | undefined;
  /** Id of the endpoint, `endpoint.id`. */
  readonly endpointId?: string | undefined;
  /** Number of the attempt, from 1. */
  readonly attempt?: number | undefined;
  /** Whether the method ran. @default by the code */
  readonly isExecuted?: ExecutionState | undefined;
  /** Message without the names of the call. @default the message */
  readonly reason?: string | undefined;
}

/**
 * A remote call that returned no result, whatever the protocol; the protocol's own error
 * is the `cause`. Branch on `code` and {@link isExecuted}.
 *
 * @priority 90
 * @example
 * ```ts
 * import { RemoteCallError } from "@remote-services/etcd3";
 *
 * async function greet(greeter: { greet(name: string): Promise<string> }) {
 *   try {
 *     return await greeter.greet("you");
 *   } catch (error) {
 *     if (error instanceof RemoteCallError && error.isExecuted === false) return "try again";
 *     throw error;
 *   }
 * }
 * const greeter = { greet: () => Promise.reject(new RemoteCallError("unreachable", "no route")) };
 * console.log(await greet(greeter)); // try again
 * ```
 */
export class RemoteCallError extends Error {
  /** `RemoteCallError`, or the name of the subclass. */
  override readonly name: string = "RemoteCallError";
  /** Kind of the failure. */
  readonly code: RemoteCallErrorCode;
  /** Why the call failed: the message without the names of the call. */
  readonly reason: string;
  /** Whether the method ran. `false` is only claimed on proof. */
  readonly isExecuted: ExecutionState;
  /** Interface that was called. */
  readonly interfaceName: string | undefined;
  /** Method that was called. */
  readonly method: string | undefined;
  /** Address of the endpoint, `ecf.endpoint.id`, without user name and password. */
  readonly address: string | undefined;
  /** Id of the endpoint, `endpoint.id`. */
  readonly endpointId: string | undefined;
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;

  /**
   * Creates an error. The names of the call are put before the message of an error that an
   * interceptor throws.
   */
  constructor(code: RemoteCallErrorCode, message: string, details: RemoteCallErrorDetails = {}) {
    const { address, reason = message } = details;
    const shownAddress = address && hideCredentials(address);
    const show = (text: string) =>
      hideCredentials(
        address === shownAddress ? text : text.replaceAll(address ?? "", () => shownAddress ?? ""),
      );
    super(show(message), "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.reason = reason === message ? this.message : show(reason);
    this.isExecuted = details.isExecuted ?? EXECUTED[code];
    this.interfaceName = details.interfaceName;
    this.method = details.method;
    this.address = shownAddress;
    this.endpointId = details.endpointId;
    this.attempt = details.attempt ?? 1;
  }
}

/** Details of a {@link RemoteFault}; all may be left out. */
export interface RemoteFaultDetails extends RemoteCallErrorDetails {
  /** Members of the fault as they were sent. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Error that a remote method answered. If an exported method throws it, its caller receives
 * the code and the string.
 *
 * @priority 80
 * @example
 * ```ts
 * import { RemoteFault } from "@remote-services/etcd3";
 *
 * const shop = {
 *   buy(item: string): string {
 *     throw new RemoteFault(42, `${item} is sold out`);
 *   },
 * };
 * ```
 */
export class RemoteFault extends RemoteCallError {
  /** Always `RemoteFault`. */
  override readonly name = "RemoteFault";
  /** Number that the method chose; its meaning is up to the service. */
  readonly faultCode: number;
  /** Description that the method chose. */
  readonly faultString: string;
  /** Members of the fault as they were sent. */
  readonly members: Readonly<Record<string, unknown>>;

  /** Creates a fault. */
  constructor(faultCode: number, faultString: string, details: RemoteFaultDetails = {}) {
    super("fault", faultString, details);
    this.faultCode = faultCode;
    this.faultString = faultString;
    this.members = details.members ?? { faultCode, faultString };
  }
}

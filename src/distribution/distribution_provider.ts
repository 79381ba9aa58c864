import type { EndpointDescription, PropertyValue } from "../endpoint/mod.ts";
import type { ServiceProperties } from "../framework/mod.ts";
import type { Invoke } from "./incoming_call.ts";
import type { RemoteCall } from "./remote_call.ts";

/** Service that is to be made callable from outside. */
export interface ExportRequest {
  /** Id of the endpoint; a call that names another one is refused with `wrong-service`. */
  readonly endpointId: string;
  /** Id of the service in the container; unique in the process. */
  readonly remoteServiceId: number;
  /** Configuration type to export with, one of the provider's `supportedConfigs`. */
  readonly configurationType: string;
  /** Interfaces to offer. */
  readonly interfaces: readonly string[];
  /** Properties of the service, among them the provider's own settings. */
  readonly properties: ServiceProperties;
  /** Names of the callable methods; `undefined` if they are unknown, as with a gateway. */
  readonly methodNames: readonly string[] | undefined;
  /**
   * Runs a call: passes the guards that the provider gives, looks the method up and calls it.
   * Returns its result or a promise of it.
   *
   * @throws {RemoteCallError} `no-such-method` and other refusals; whatever the method throws
   */
  readonly invoke: Invoke;
}

/** Endpoint of this process that answers calls. */
export interface ExportedEndpoint {
  /** Address of the container, `ecf.endpoint.id`. */
  readonly containerId: string;
  /** Properties that the provider adds to the description. @default none */
  readonly properties?: ReadonlyMap<string, PropertyValue>;
  /** Refuses further calls; running ones go on. May be called more than once. */
  close(): Promise<void>;
}

/** Half of a distribution that makes services of this process callable over a protocol. */
export interface ExportDistributionProvider {
  /** Configuration types that it exports, such as `ecf.xmlrpc.server`. */
  readonly supportedConfigs: readonly string[];
  /** Intents that its exports offer, such as `osgi.basic`. */
  readonly supportedIntents: readonly string[];
  /** Namespace of its container ids. */
  readonly containerNamespace: string;
  /**
   * Makes a service callable.
   *
   * @throws {TypeError | RangeError} if a property of its own has an invalid value
   */
  exportEndpoint(request: ExportRequest): Promise<ExportedEndpoint>;
}

/** Endpoint of another process that can be called. */
export interface ImportedEndpoint {
  /**
   * Whether `call` runs no code of the user and of instrumented libraries, such as `fetch`: then
   * no one looks for the active span, and it need not be set, which is expensive. @default false
   */
  readonly isSelfContained?: boolean;
  /**
   * Sends a call at most once and resolves with its result.
   *
   * @throws {RemoteFault} if the method threw
   * @throws {RemoteCallError} if there is no result, with interface, method, address,
   * endpoint and attempt of the call
   * @throws the reason of the call's signal, unchanged
   */
  call(call: RemoteCall): Promise<unknown>;
  /**
   * Replaces the description by another one of the same endpoint. Running calls go on.
   *
   * @throws {TypeError} if it can't be called; the description stays
   */
  update(endpoint: EndpointDescription): void;
  /**
   * Ends running calls with `interrupted`, refuses further ones with `closed` and closes
   * connections. May be called more than once.
   */
  close(): void;
}

/** Half of a distribution that calls the services of other processes over a protocol. */
export interface ImportDistributionProvider {
  /** Configuration types that it can import. */
  readonly importedConfigs: readonly string[];
  /** Intents that its imports offer. @default none */
  readonly importedIntents?: readonly string[];
  /**
   * Prepares calls of an endpoint; nothing is sent yet.
   *
   * @throws {TypeError} if the description has no usable address
   */
  importEndpoint(endpoint: EndpointDescription): ImportedEndpoint;
}

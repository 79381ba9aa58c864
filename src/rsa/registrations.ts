import type { ServiceProperties, ServiceReference } from "../framework/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/**
 * One exported endpoint of a service (OSGi Compendium, 122.5.3). Several registrations may
 * hold one endpoint; it is withdrawn when the last is closed.
 */
export interface ExportRegistration {
  /** The service. */
  readonly reference: ServiceReference;
  /** Description of the endpoint as it is now, or was last. */
  readonly endpoint: EndpointDescription;
  /** Address of the container. */
  readonly containerId: string;
  /** Reason that the last update failed; `undefined` if it did not. */
  readonly exception: unknown;
  /** Whether it was closed, or ended with its service. */
  readonly isClosed: boolean;
  /**
   * Describes the service anew, with a later timestamp, and notifies the listeners. If that
   * fails, the description stays and `exception` has the reason.
   *
   * @param overriding replaces the properties that the export was given to override
   * @throws {Error} if the registration is closed
   */
  update(overriding?: ServiceProperties): void;
  /** Releases the endpoint. May be called more than once. */
  close(): Promise<void>;
}

/**
 * One imported endpoint (OSGi Compendium, 122.5.4). Several registrations may hold one proxy;
 * it is unregistered when the last is closed.
 */
export interface ImportRegistration {
  /** The proxy in the local registry. */
  readonly reference: ServiceReference;
  /** Description of the endpoint as it is now, or was last. */
  readonly endpoint: EndpointDescription;
  /** Whether it was closed. */
  readonly isClosed: boolean;
  /**
   * Replaces the description by another one of the same endpoint: the proxy's properties
   * follow, and running calls go on.
   *
   * @throws {TypeError} if it describes another endpoint
   * @throws {Error} if the registration is closed
   */
  update(endpoint: EndpointDescription): void;
  /** Releases the proxy; running calls go on. May be called more than once. */
  close(): void;
}

/** Kind of a {@link RemoteServiceAdminEvent} (OSGi Compendium, 122.7). */
export type RemoteServiceAdminEventType =
  | "import-registration"
  | "export-registration"
  | "export-unregistration"
  | "import-unregistration"
  | "import-error"
  | "export-error"
  | "export-warning"
  | "import-warning"
  | "import-update"
  | "export-update";

/**
 * Event about an endpoint that is exported or imported. Each registration has two of its own:
 * when it is made, and when it is closed. The endpoint ends with the last of them.
 */
export interface EndpointAdminEvent {
  /** Kind of the event. */
  readonly type: Exclude<RemoteServiceAdminEventType, `${string}-error` | `${string}-warning`>;
  /** The endpoint. */
  readonly endpoint: EndpointDescription;
  /** Service that is exported, or the proxy that it is imported as. */
  readonly reference: ServiceReference;
}

/** Event about an export or import that failed, or that left out properties. */
export interface FailedAdminEvent {
  /** A warning if no provider fits or properties are left out, an error if a provider failed. */
  readonly type: "import-error" | "export-error" | "export-warning" | "import-warning";
  /** Endpoint that was to be imported or updated, or that lacks properties of its service. */
  readonly endpoint?: EndpointDescription;
  /** Service that was to be exported, or whose properties are left out. */
  readonly reference?: ServiceReference;
  /** Reason of the failure. */
  readonly exception: unknown;
}

/** Event of a {@link RemoteServiceAdmin} (OSGi Compendium, 122.7). */
export type RemoteServiceAdminEvent = EndpointAdminEvent | FailedAdminEvent;

/** Receives events of a {@link RemoteServiceAdmin}; what it throws or rejects with is logged. */
export type RemoteServiceAdminListener = (event: RemoteServiceAdminEvent) => unknown;

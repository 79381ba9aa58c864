import type { ServiceProperties, ServiceReference } from "../framework/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/**
 * A service that is exported (OSGi Compendium, 122.5.3). Several registrations may hold
 * one endpoint; it is withdrawn when the last is closed.
 */
export interface ExportRegistration {
  /** The service. */
  readonly reference: ServiceReference;
  /** Its description as it is now, or was last. */
  readonly endpoint: EndpointDescription;
  /** Address of its container. */
  readonly containerId: string;
  /** Why the last update failed; undefined when it did not. */
  readonly exception: unknown;
  /**
   * Describes the service anew, with a later timestamp, and tells the listeners. When
   * that fails the description stays and `exception` says why.
   *
   * @param overriding replaces what the export was told to override
   */
  update(overriding?: ServiceProperties): void;
  /** Lets go of the endpoint. May be repeated. */
  close(): Promise<void>;
}

/**
 * A service of another process that is imported (OSGi Compendium, 122.5.4). Several
 * registrations may hold one proxy; it goes when the last is closed.
 */
export interface ImportRegistration {
  /** The proxy in the local registry. */
  readonly reference: ServiceReference;
  /** The description as it was last told. */
  readonly endpoint: EndpointDescription;
  /**
   * Takes over a changed description of the same endpoint: the proxy's properties follow.
   *
   * @throws {TypeError} when it describes another endpoint.
   */
  update(endpoint: EndpointDescription): void;
  /** Lets go of the proxy. May be repeated. */
  close(): void;
}

/** What the admin did or could not do (OSGi Compendium, 122.7). */
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

/** The events that tell of an endpoint. */
export interface EndpointAdminEvent {
  /** What happened. */
  readonly type: Exclude<RemoteServiceAdminEventType, `${string}-error` | `${string}-warning`>;
  /** The endpoint it happened to. */
  readonly endpoint: EndpointDescription;
}

/** The events that tell why there is no endpoint, or no proxy. */
export interface FailedAdminEvent {
  /** A warning when nobody can export or import it, an error when somebody tried. */
  readonly type: "import-error" | "export-error" | "export-warning" | "import-warning";
  /** What was to be imported, or could not be updated. */
  readonly endpoint?: EndpointDescription;
  /** What was to be exported. */
  readonly reference?: ServiceReference;
  /** Why. */
  readonly exception: unknown;
}

/** What the admin did or could not do (OSGi Compendium, 122.7). */
export type RemoteServiceAdminEvent = EndpointAdminEvent | FailedAdminEvent;

/** Hears of exports and imports; what it throws is logged and harms nobody. */
export type RemoteServiceAdminListener = (event: RemoteServiceAdminEvent) => void;

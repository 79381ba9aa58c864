import type { ServiceReference } from "../framework/mod.ts";
import type { EndpointDescription } from "./endpoint_description.ts";

/** A service that is exported (OSGi Compendium, 122.5.1). */
export interface ExportRegistration {
  /** The service. */
  readonly reference: ServiceReference;
  /** Its description as it is now. */
  readonly endpoint: EndpointDescription;
  /** Describes the service anew, with a later timestamp, and tells the listeners. */
  update(): void;
  /** Stops answering and tells the listeners. May be repeated. */
  close(): Promise<void>;
}

/** A service of another process that is imported (OSGi Compendium, 122.5.2). */
export interface ImportRegistration {
  /** The proxy in the local registry. */
  readonly reference: ServiceReference;
  /** The description as it was last told. */
  readonly endpoint: EndpointDescription;
  /** Takes over a changed description: the proxy's properties follow. */
  update(endpoint: EndpointDescription): void;
  /** Unregisters the proxy and makes its calls fail. May be repeated. */
  close(): void;
}

/** What the admin did (OSGi Compendium, 122.8). */
export interface RemoteServiceAdminEvent {
  /** What happened. */
  readonly type:
    | "export-registration"
    | "export-update"
    | "export-unregistration"
    | "import-registration"
    | "import-update"
    | "import-unregistration";
  /** The endpoint it happened to. */
  readonly endpoint: EndpointDescription;
}

/** Hears of exports and imports; what it throws is logged and harms nobody. */
export type RemoteServiceAdminListener = (event: RemoteServiceAdminEvent) => void;

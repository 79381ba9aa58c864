/**
 * OSGi Remote Service Admin (Compendium, chapter 122): endpoint descriptions, the
 * admin that exports and imports, a basic topology manager, and the interfaces that
 * discovery and distribution providers implement.
 *
 * @module
 */
export { namesOf } from "./export_properties.ts";
export { ECF, OSGI } from "../endpoint/property_names.ts";
export type {
  EndpointAdvertiser,
  EndpointDiscovery,
  EndpointEvent,
  EndpointEventListener,
} from "../discovery/endpoint_discovery.ts";
export type {
  ExportDistributionProvider,
  ExportedService,
  ExportRequest,
  ImportDistributionProvider,
  ImportedService,
} from "../distribution/distribution_provider.ts";
export { endpointOf } from "../endpoint/endpoint_properties.ts";
export type {
  EndpointDescriptionInit,
  PropertyValue,
  ScalarValue,
} from "../endpoint/endpoint_description.ts";
export { CORE_PROPERTIES, EndpointDescription } from "../endpoint/endpoint_description.ts";
export type { EdefOptions } from "../endpoint/edef.ts";
export { decodeEdef, EdefError, encodeEdef } from "../endpoint/edef.ts";
export type { RemoteServiceErrorCode } from "./errors.ts";
export { RemoteServiceError } from "./errors.ts";
export type {
  EndpointAdminEvent,
  ExportRegistration,
  FailedAdminEvent,
  ImportRegistration,
  RemoteServiceAdminEvent,
  RemoteServiceAdminEventType,
  RemoteServiceAdminListener,
} from "./registrations.ts";
export type { RemoteServiceAdminOptions } from "./remote_service_admin.ts";
export { RemoteServiceAdmin } from "./remote_service_admin.ts";
export { scoped } from "../discovery/scoped_listener.ts";
export type { TopologyManagerOptions } from "./topology_manager.ts";
export { TopologyManager } from "./topology_manager.ts";

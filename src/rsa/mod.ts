/**
 * OSGi Remote Service Admin (Compendium, chapter 122): endpoint descriptions, the
 * admin that exports and imports, a basic topology manager, and the interfaces that
 * discovery and distribution providers implement.
 *
 * ```ts
 * import { decodeEdef, encodeEdef, EndpointDescription } from "@remote-services/etcd3/rsa";
 *
 * const endpoint = new EndpointDescription({
 *   id: "urn:greeter",
 *   interfaces: ["com.example.Greeter"],
 *   configurationTypes: ["com.example.rest"],
 *   extras: new Map([["colour", "red"]]),
 * });
 * const [read] = decodeEdef(await encodeEdef([endpoint]));
 * console.log(read?.interfaces, read?.properties.get("colour")); // [ "com.example.Greeter" ] red
 * ```
 *
 * @module
 */
export {
  createEndpoint,
  decodeEdef,
  ECF,
  EdefError,
  encodeEdef,
  EndpointDescription,
  OSGI,
} from "../endpoint/mod.ts";
export type {
  DiscoveryContext,
  DiscoveryFactory,
  DiscoveryProvider,
  EndpointAdvertiser,
  EndpointDiscovery,
  EndpointEvent,
  EndpointEventListener,
  EndpointEventsOptions,
  EndpointSource,
  EndpointViewOptions,
  Health,
  HealthCounters,
  HealthSource,
  HealthState,
  StoredEndpoint,
} from "../discovery/mod.ts";
export { EndpointEvents, EndpointView, HealthChanges, healthToJson } from "../discovery/mod.ts";
export type {
  ExportDistributionProvider,
  ExportedEndpoint,
  ExportRequest,
  ImportDistributionProvider,
  ImportedEndpoint,
} from "../distribution/mod.ts";
export type {
  DecodeEdefOptions,
  DescribedService,
  EdefErrorDetails,
  EndpointDescriptionInit,
  PropertyValue,
  ScalarValue,
} from "../endpoint/mod.ts";
export type { Capability } from "./capabilities.ts";
export { createDiscoveryCapability } from "./capabilities.ts";
export { isExported } from "./exports/mod.ts";
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
export type { TopologyManagerOptions } from "./topology/mod.ts";
export { TopologyManager } from "./topology/mod.ts";

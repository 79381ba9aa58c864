/**
 * The façade: a host that exports, discovers and calls.
 *
 * @module
 */
export type { HostHealth } from "./host_health.ts";
export type { RemoteServicesOptions } from "./options.ts";
export type { MetricsOptions } from "./metrics_option.ts";
export type { RegisterProperties, RemoteRegistration } from "./registration.ts";
export type { Local, MethodName, Remote, RemoteAll } from "./remote.ts";
export type { ServiceOptions, ServicesOptions } from "./service_lookup.ts";
export type { CloseOptions, CloseReport } from "./shutdown.ts";
export { RemoteServices } from "./remote_services.ts";
export { remoteServices } from "./start.ts";

/**
 * The façade: a host that exports, discovers and calls.
 *
 * @module
 */
export type { RemoteRegistration } from "./registration.ts";
export type { Remote, RemoteAll } from "./remote.ts";
export type { RemoteServicesOptions, ServiceOptions } from "./remote_services.ts";
export { RemoteServices, remoteServices } from "./remote_services.ts";

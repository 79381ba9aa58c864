/**
 * Imports of endpoints: proxies in the service registry, and calls of one endpoint.
 *
 * @module
 */
export { ImportSet } from "./import_set.ts";

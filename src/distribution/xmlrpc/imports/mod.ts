/**
 * Calls of endpoints that are exported over XML-RPC.
 *
 * @module
 */
export type { CreateHeaders, XmlRpcImportOptions } from "./import_options.ts";
export { XmlRpcImportProvider } from "./import_provider.ts";
export { probeEndpoint, type ProbeOptions } from "./probe.ts";

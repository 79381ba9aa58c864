/**
 * The XML-RPC distribution provider (`ecf.xmlrpc.server`): exports and imports.
 *
 * @module
 */
export type { AddressOptions, AdvertisedAddress } from "./advertised_address.ts";
export {
  INTEGERS_PROPERTY,
  XMLRPC_CLIENT_CONFIG,
  XMLRPC_INTENTS,
  XMLRPC_NAMESPACE,
  XMLRPC_SERVER_CONFIG,
} from "./constants.ts";
export type { XmlRpcExportOptions, XmlRpcServerOptions } from "./export_provider.ts";
export { XmlRpcExportProvider } from "./export_provider.ts";
export type { XmlRpcCodecOptions } from "./codec_options.ts";
export { checkIntegers } from "./codec_options.ts";
export type { CreateHeaders, ProbeOptions, XmlRpcImportOptions } from "./imports/mod.ts";
export { probeEndpoint, XmlRpcImportProvider } from "./imports/mod.ts";
export type { XmlRpcClientSettings, XmlRpcHttpOptions, XmlRpcOptions } from "./xml_rpc.ts";
export { xmlRpc, XmlRpcDistribution } from "./xml_rpc.ts";

/** Configuration type of services that are exported over XML-RPC. */
export const XMLRPC_SERVER_CONFIG = "ecf.xmlrpc.server";
/** Configuration type of clients of such services. */
export const XMLRPC_CLIENT_CONFIG = "ecf.xmlrpc.client";
/** Namespace of their container ids, which are URLs. */
export const XMLRPC_NAMESPACE = "ecf.namespace.xmlrpc";
/** Intents that calls over XML-RPC offer. */
export const XMLRPC_INTENTS: readonly string[] = ["osgi.basic", "osgi.async"];
/** Header by which ECF's clients ask for a timeout, in milliseconds. */
export const TIMEOUT_HEADER = "x-osgi-basic-timeout";
/** Code of every fault, as with iPOPO. */
export const FAULT_CODE = 1;

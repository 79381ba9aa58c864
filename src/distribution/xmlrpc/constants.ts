/** Configuration type of services that are exported over XML-RPC. */
export const XMLRPC_SERVER_CONFIG = "ecf.xmlrpc.server";
/** Configuration type of clients of such services. */
export const XMLRPC_CLIENT_CONFIG = "ecf.xmlrpc.client";
/** Namespace of their container ids, which are URLs. */
export const XMLRPC_NAMESPACE = "ecf.namespace.xmlrpc";
/**
 * Property of a service with the form of whole numbers beyond 32 bits in its results. The dot
 * keeps it from travelling.
 */
export const INTEGERS_PROPERTY = ".xmlrpc.integers";
/** Intents that calls over XML-RPC offer. */
export const XMLRPC_INTENTS: readonly string[] = ["osgi.basic", "osgi.async"];
/** Request header with the time that the caller still waits, in milliseconds; ECF's too. */
export const TIMEOUT_HEADER = "x-osgi-basic-timeout";
/** Request header with the id of the endpoint that a call is meant for. */
export const ENDPOINT_HEADER = "x-osgi-endpoint-id";

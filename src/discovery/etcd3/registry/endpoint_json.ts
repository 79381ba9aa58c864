import {
  decodeWireProperties,
  ECF,
  encodeWireProperties,
  type EndpointDescription,
  OSGI,
  parseEndpoint,
  type PropertyValue,
} from "../../../endpoint/mod.ts";
import { parseExactJson } from "../../../util/mod.ts";
import { type IgnoredProperty, readProperties } from "./json_properties.ts";

/** Properties that iPOPO and ECF require in etcd. */
const REQUIRED: readonly string[] = [
  OSGI.objectClass,
  OSGI.endpointId,
  OSGI.endpointServiceId,
  OSGI.endpointFrameworkUuid,
  OSGI.importedConfigs,
  ECF.containerId,
  ECF.containerNamespace,
  ECF.remoteServiceId,
  ECF.timestamp,
];

/**
 * Encodes an endpoint as the JSON that iPOPO and ECF read: every top-level field that
 * ECF requires, and properties of type `string` only, the one type that iPOPO reads.
 *
 * @throws {TypeError} naming the property that iPOPO and ECF require and that is missing,
 * or `endpoint.id` if it has a slash, which separates the parts of keys
 * @example
 * ```ts
 * import { decodeEndpoint, encodeEndpoint, EndpointDescription } from "@remote-services/etcd3";
 *
 * const endpoint = new EndpointDescription({
 *   id: crypto.randomUUID(),
 *   interfaces: ["com.example.Greeter"],
 *   serviceId: 22,
 *   frameworkUuid: crypto.randomUUID(),
 *   configurationTypes: ["ecf.xmlrpc.server"],
 *   containerId: "http://192.0.2.1:8181/xml-rpc",
 *   containerNamespace: "ecf.namespace.xmlrpc",
 *   remoteServiceId: 1,
 * });
 * const session = { sessionId: crypto.randomUUID(), hostIp: "192.0.2.1" };
 * const json = encodeEndpoint(endpoint, session);
 * console.log(decodeEndpoint(json).interfaces[0]); // com.example.Greeter
 * ```
 */
export function encodeEndpoint(
  endpoint: EndpointDescription,
  session: { readonly sessionId: string; readonly hostIp: string },
): string {
  const name = `osgirsvc_${session.sessionId}`;
  return JSON.stringify({
    location: `ecfosgisvc://${formatHost(session.hostIp)}:32565/${name}`,
    priority: 0,
    weight: 0,
    servicename: name,
    ttl: 0,
    servicetype: {
      services: ["ecfosgirsvc"],
      scopes: ["default"],
      protocols: ["default"],
      namingauth: "iana",
    },
    properties: [...collectStrings(endpoint)].map(([name, value]) => ({
      type: "string",
      name,
      value,
    })),
  });
}

/** Returns a host as it is written in a URL: an IPv6 address in brackets. */
function formatHost(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function collectStrings(endpoint: EndpointDescription): ReadonlyMap<string, string> {
  const properties = new Map(endpoint.properties);
  properties.delete(OSGI.imported); // neither iPOPO nor ECF writes it
  for (const name of [OSGI.endpointServiceId, ECF.timestamp]) {
    if (!properties.has(name)) properties.set(name, 0);
  }
  checkRequired(properties);
  return encodeWireProperties(properties);
}

/** Checks the rules of etcd's keys and of the other implementations. */
function checkRequired(properties: ReadonlyMap<string, PropertyValue>): void {
  const missing = REQUIRED.find((name) => !properties.has(name));
  if (missing !== undefined) {
    throw new TypeError(`Cannot send or read the endpoint by etcd: it has no ${missing}`);
  }
  const id = properties.get(OSGI.endpointId);
  if (!String(id).includes("/")) return;
  throw new TypeError(
    `Cannot send or read the endpoint ${id} by etcd: ${OSGI.endpointId} must have no slash`,
  );
}

/**
 * Decodes the JSON of an endpoint. Reads properties of every type that ECF writes; a
 * property of `null` is absent, and other unreadable properties are left out, unless the
 * description requires them.
 *
 * @throws {SyntaxError} if it is not JSON
 * @throws {TypeError} naming the property that is missing or invalid
 * @example
 * ```ts
 * import { decodeEndpoint } from "@remote-services/etcd3";
 *
 * const properties = Object.entries({
 *   objectClass: "com.example.Greeter",
 *   "endpoint.id": "49bb4661-919d-49bb-acc1-7b23baa493ef",
 *   "endpoint.service.id": "22",
 *   "endpoint.framework.uuid": "af44bf2e-aeac-45f6-b5f5-5bbe6db0956c",
 *   "service.imported.configs": "ecf.xmlrpc.server",
 *   "ecf.endpoint.id": "http://192.0.2.1:8181/xml-rpc",
 *   "ecf.endpoint.id.ns": "ecf.namespace.xmlrpc",
 *   "ecf.rsvc.id": "1",
 *   "ecf.endpoint.ts": "1795328738820",
 * }).map(([name, value]) => ({ type: "string", name, value }));
 * console.log(decodeEndpoint(JSON.stringify({ properties })).serviceId); // 22
 * ```
 */
export function decodeEndpoint(json: string): EndpointDescription {
  return readEndpoint(json).endpoint;
}

/** Decodes the JSON of an endpoint like {@link decodeEndpoint}; also returns what it ignores. */
export function readEndpoint(
  json: string,
): { readonly endpoint: EndpointDescription; readonly ignored: readonly IgnoredProperty[] } {
  const { properties, ignored } = readProperties(parseExactJson(json));
  checkRequired(properties);
  return { endpoint: parseEndpoint(decodeWireProperties(properties)), ignored };
}

import { Buffer } from "node:buffer";
import {
  decodeWireProperties,
  ECF,
  encodeWireProperties,
  type EndpointDescription,
  OSGI,
  parseEndpoint,
  type PropertyValue,
} from "../../endpoint/mod.ts";

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
 */
export function encodeEndpoint(
  endpoint: EndpointDescription,
  session: { readonly sessionId: string; readonly hostIp: string },
): string {
  const name = `osgirsvc_${session.sessionId}`;
  return JSON.stringify({
    location: `ecfosgisvc://${session.hostIp}:32565/${name}`,
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
 * Reads the JSON of an endpoint, with properties of every type that ECF writes.
 *
 * @throws {SyntaxError} when it is no JSON.
 * @throws {TypeError} naming the property that is missing or can't be used.
 */
export function decodeEndpoint(json: string): EndpointDescription {
  const properties = propertiesOf(JSON.parse(json));
  checkRequired(properties);
  return parseEndpoint(decodeWireProperties(properties));
}

function propertiesOf(document: unknown): Map<string, PropertyValue> {
  if (!isRecord(document) || !Array.isArray(document.properties)) {
    throw new TypeError("Cannot read the endpoint: it has no list of properties");
  }
  const properties = new Map<string, PropertyValue>();
  for (const item of document.properties) {
    if (!isRecord(item) || typeof item.type !== "string" || typeof item.name !== "string") {
      throw new TypeError("Cannot read the endpoint: a property lacks its type or its name");
    }
    properties.set(item.name, valueOf(item.type, item.name, item.value));
  }
  return properties;
}

/** The value of a typed property; ECF's types are named in the README. */
function valueOf(type: string, name: string, value: unknown): PropertyValue {
  switch (type) {
    case "string":
    case "char":
      if (typeof value === "string") return value;
      break;
    case "bytes":
      if (typeof value === "string") return Uint8Array.from(Buffer.from(value, "base64"));
      break;
    case "list":
    case "set":
      if (Array.isArray(value)) return value.map(String);
      break;
    case "double":
    case "float":
    case "long":
    case "int":
      if (typeof value === "number" || (typeof value === "string" && value !== "")) {
        if (Number.isFinite(Number(value))) return Number(value);
      }
      break;
    default: // "object", and whatever a newer ECF may write
      if (typeof value === "boolean" || typeof value === "number") return value;
      return typeof value === "string" ? value : JSON.stringify(value) ?? "";
  }
  throw new TypeError(`Cannot read ${JSON.stringify(value)} as ${type}, the property ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

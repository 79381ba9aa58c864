import { Buffer } from "node:buffer";
import {
  CORE_PROPERTIES,
  ECF,
  EndpointDescription,
  namesOf,
  OSGI,
  type PropertyValue,
} from "../rsa/mod.ts";

/** Names of which several travel in one string, with a space between. */
const LISTS: ReadonlySet<string> = new Set([
  OSGI.objectClass,
  OSGI.importedConfigs,
  OSGI.configsSupported,
  OSGI.intentsSupported,
  OSGI.intents,
  ECF.idFilter,
  ECF.asyncInterfaces,
]);

/**
 * Writes an endpoint as the JSON that iPOPO and ECF read: every top-level field that
 * ECF requires, and properties of type `string` only, the one type that iPOPO reads.
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
    properties: [...endpoint.properties].map(([name, value]) => ({
      type: "string",
      name,
      value: textOf(value),
    })),
  });
}

function textOf(value: PropertyValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/**
 * Reads the JSON of an endpoint, with properties of every type that ECF writes.
 *
 * @throws {SyntaxError} when it is no JSON.
 * @throws {TypeError} naming the property that is missing or can't be used.
 */
export function decodeEndpoint(json: string): EndpointDescription {
  const properties = propertiesOf(JSON.parse(json));
  const list = (name: string) => namesOf(properties.get(name));
  return new EndpointDescription({
    id: string(properties, OSGI.endpointId),
    interfaces: list(OSGI.objectClass),
    serviceId: number(properties, OSGI.endpointServiceId),
    frameworkUuid: string(properties, OSGI.endpointFrameworkUuid),
    configurationTypes: list(OSGI.importedConfigs),
    containerId: string(properties, ECF.containerId),
    containerNamespace: string(properties, ECF.containerNamespace),
    remoteServiceId: number(properties, ECF.remoteServiceId),
    timestampMs: number(properties, ECF.timestamp),
    intents: list(OSGI.intents),
    configsSupported: list(OSGI.configsSupported),
    intentsSupported: list(OSGI.intentsSupported),
    extras: extrasOf(properties),
  });
}

function extrasOf(properties: ReadonlyMap<string, PropertyValue>): Map<string, PropertyValue> {
  const extras = new Map<string, PropertyValue>();
  for (const [name, value] of properties) {
    if (CORE_PROPERTIES.has(name) || name === OSGI.imported) continue;
    extras.set(name, LISTS.has(name) ? namesOf(value) : value);
  }
  return extras;
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

function string(properties: ReadonlyMap<string, PropertyValue>, name: string): string {
  const value = properties.get(name);
  if (value === undefined) throw missing(name);
  return String(value);
}

function number(properties: ReadonlyMap<string, PropertyValue>, name: string): number {
  const value = properties.get(name);
  if (value === undefined) throw missing(name);
  const text = String(value);
  if (!/^\d+$/.test(text)) {
    throw new TypeError(`Cannot read ${JSON.stringify(text)} as the number ${name}`);
  }
  return Number(text);
}

function missing(name: string): TypeError {
  return new TypeError(`Cannot read the endpoint: it has no ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { ServiceReference } from "../framework/mod.ts";
import {
  CORE_PROPERTIES,
  createPropertyError,
  EndpointDescription,
} from "./endpoint_description.ts";
import { normalizeName, parseKnown } from "./known_properties.ts";
import { parseNames } from "./name_list.ts";
import { ECF, OSGI } from "./property_names.ts";
import type { PropertyValue } from "./property_values.ts";

/** Parts of a service's reference that describe its endpoint. */
export type DescribedService =
  & Pick<ServiceReference, "id" | "properties">
  & Partial<Pick<ServiceReference, "frameworkUuid">>;

/**
 * Creates a description from properties with their types, as OSGi defines it (122.4): names
 * in any letter case, `endpoint.id` a string, `objectClass` a list, numbers not as strings.
 *
 * @param properties may be missing if the reference has all that is needed
 * @param reference service whose properties apply where none are given; its `service.id` is
 * the `endpoint.service.id`, its framework's UUID the `endpoint.framework.uuid`
 * @throws {TypeError} naming the property that is missing or invalid
 * @example
 * ```ts
 * import { createEndpoint } from "@remote-services/etcd3/rsa";
 *
 * const endpoint = createEndpoint({
 *   "endpoint.id": "urn:greeter",
 *   objectClass: ["com.example.Greeter"],
 *   "service.imported.configs": "ecf.xmlrpc.server",
 * });
 * console.log(endpoint.configurationTypes); // [ "ecf.xmlrpc.server" ]
 * ```
 */
export function createEndpoint(
  properties: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>> | null | undefined,
  reference?: DescribedService,
): EndpointDescription {
  const given = normalizeNames(properties ?? {});
  const all = reference === undefined ? given : mergeReference(given, reference);
  const text = (name: string) => checkType(name, all.get(name), "string");
  const number = (name: string) => checkType(name, all.get(name), "number");
  const interfaces = all.get(OSGI.objectClass);
  if (!Array.isArray(interfaces) && !(interfaces instanceof Set)) {
    throw createPropertyError(OSGI.objectClass, interfaces, "is a list of names");
  }
  return new EndpointDescription({
    id: text(OSGI.endpointId) ?? "",
    interfaces: parseNames(interfaces),
    configurationTypes: parseNames(all.get(OSGI.importedConfigs)),
    serviceId: number(OSGI.endpointServiceId),
    frameworkUuid: text(OSGI.endpointFrameworkUuid),
    containerId: text(ECF.containerId),
    containerNamespace: text(ECF.containerNamespace),
    remoteServiceId: number(ECF.remoteServiceId),
    timestampMs: number(ECF.timestamp),
    intents: parseNames(all.get(OSGI.intents)),
    configsSupported: parseNames(all.get(OSGI.configsSupported)),
    intentsSupported: parseNames(all.get(OSGI.intentsSupported)),
    extras: selectExtras(all),
  });
}

/**
 * Creates a description from properties as they come from etcd or a file: lists may be one
 * string with spaces, numbers may be strings, blank properties of OSGi and ECF are absent.
 * `service.ranking` is always a number.
 *
 * @throws {TypeError} naming the property that is missing or invalid
 */
export function parseEndpoint(properties: ReadonlyMap<string, PropertyValue>): EndpointDescription {
  const typed = new Map<string, PropertyValue>();
  for (const [name, value] of normalizeNames(properties)) {
    const isBlank = typeof value === "string" && value.trim() === "";
    if (!isBlank || !CORE_PROPERTIES.has(name)) typed.set(name, parseKnown(name, value));
  }
  return createEndpoint(typed);
}

/** Adds the properties of a service whose names are not given in any letter case. */
function mergeReference(
  given: ReadonlyMap<string, unknown>,
  { id, frameworkUuid, properties }: DescribedService,
): Map<string, unknown> {
  const merged = new Map(given);
  const names = new Set([...given.keys()].map((name) => name.toLowerCase()));
  const own = normalizeNames<unknown>({
    [OSGI.endpointServiceId]: id,
    [OSGI.endpointFrameworkUuid]: frameworkUuid,
    ...properties,
  });
  for (const [name, value] of own) if (!names.has(name.toLowerCase())) merged.set(name, value);
  return merged;
}

/**
 * Returns the properties with the names of OSGi and ECF in their usual letter case.
 *
 * @throws {TypeError} if two names differ in letter case only
 */
function normalizeNames<T>(
  properties: ReadonlyMap<string, T> | Readonly<Record<string, T>>,
): Map<string, T> {
  const entries = properties instanceof Map ? properties : Object.entries(properties);
  const normalized = new Map<string, T>();
  const seen = new Set<string>();
  for (const [given, value] of entries) {
    if (typeof given !== "string") {
      throw new TypeError(`Cannot describe an endpoint: ${String(given)} is not a property name`);
    }
    if (value === undefined || value === null) continue;
    const lower = given.toLowerCase();
    if (seen.has(lower)) {
      throw createPropertyError(given, value, "is given once in any letter case");
    }
    seen.add(lower);
    normalized.set(normalizeName(given), value);
  }
  return normalized;
}

function checkType(name: string, value: unknown, type: "string"): string | undefined;
function checkType(name: string, value: unknown, type: "number"): number | undefined;
function checkType(
  name: string,
  value: unknown,
  type: "string" | "number",
): string | number | undefined {
  if (value === undefined) return undefined;
  if (type === "string" && typeof value === "string") return value;
  if (type === "number" && typeof value === "number") return value;
  if (type === "number" && typeof value === "bigint") return Number(value);
  throw createPropertyError(name, value, `is a ${type}`);
}

function selectExtras(properties: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map([...properties].filter(([name]) => !CORE_PROPERTIES.has(name)));
}

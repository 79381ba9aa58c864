import { parseNames } from "./mod.ts";
import { ECF, OSGI } from "./property_names.ts";
import {
  CORE_PROPERTIES,
  EndpointDescription,
  type PropertyValue,
} from "./endpoint_description.ts";

/** Names of which several travel in one text, with a space between. */
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
 * Makes an endpoint description of properties, as they come from etcd or a file: names
 * of lists may be one text with spaces, numbers may be text.
 *
 * @throws {TypeError} naming the property that is missing or can't be used.
 */
export function endpointOf(properties: ReadonlyMap<string, PropertyValue>): EndpointDescription {
  const list = (name: string) => parseNames(properties.get(name));
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
    extras.set(name, LISTS.has(name) ? parseNames(value) : value);
  }
  return extras;
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

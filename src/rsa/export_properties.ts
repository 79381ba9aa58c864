import type { ServiceProperties } from "../framework/mod.ts";
import {
  CORE_PROPERTIES,
  OSGI,
  parseNames,
  type PropertyValue,
  RS,
  toPropertyValue,
} from "../endpoint/mod.ts";
import { RemoteServiceError } from "./errors.ts";

/** The intents that an export must offer. */
export function parseIntents(properties: ServiceProperties): readonly string[] {
  const names = [OSGI.exportedIntents, OSGI.exportedIntentsExtra];
  return names.flatMap((name) => parseNames(properties[name]));
}

/** Whether the properties ask for an export; what is imported is not exported again. */
export function isExported(properties: ServiceProperties): boolean {
  return properties[OSGI.imported] === undefined &&
    parseNames(properties[OSGI.exportedInterfaces]).length > 0;
}

/**
 * The interfaces to export.
 *
 * @throws {RemoteServiceError} `not-exportable` when none is asked for, or one that
 * the service is not registered under.
 */
export function exportedInterfaces(
  interfaces: readonly string[],
  properties: ServiceProperties,
): readonly string[] {
  const service = `service ${properties["service.id"]} (${interfaces.join(", ")})`;
  const wanted = parseNames(properties[OSGI.exportedInterfaces]);
  if (wanted.length === 0) {
    throw new RemoteServiceError(
      "not-exportable",
      `Cannot export ${service}: set ${OSGI.exportedInterfaces} to "*" or to names of its interfaces`,
    );
  }
  if (wanted.length === 1 && wanted[0] === "*") return interfaces;
  const unknown = wanted.filter((name) => !interfaces.includes(name));
  if (unknown.length > 0) {
    throw new RemoteServiceError(
      "not-exportable",
      `Cannot export ${service} as ${unknown.join(", ")}: it is not registered under that`,
    );
  }
  return wanted;
}

/** Properties that belong to the framework or to the endpoint itself. */
const OWN: ReadonlySet<string> = new Set(
  [
    ...CORE_PROPERTIES,
    ...Object.values(RS),
    "service.id",
    "service.bundleid",
    "service.scope",
    "service.changecount",
    "instance.name",
  ].map((name) => name.toLowerCase()),
);

/** Properties of a service that travel with its endpoint. */
export interface TravellingProperties {
  /** Properties with their types. */
  readonly properties: ReadonlyMap<string, PropertyValue>;
  /** Names of properties that have no form that can travel. */
  readonly leftOut: readonly string[];
}

/**
 * Returns the public properties of a service (OSGi Compendium, 100.2): not those that begin
 * with a dot, those of the framework and of components, and those that ask for an export.
 */
export function selectTravellingProperties(properties: ServiceProperties): TravellingProperties {
  const travelling = new Map<string, PropertyValue>();
  const leftOut: string[] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(properties)) {
    const lower = name.toLowerCase();
    const isPrivate = /^(?:\.|service\.exported\.|component\.)/.test(lower) || OWN.has(lower);
    if (isPrivate || value === undefined || value === null) continue;
    const copy = seen.has(lower) ? undefined : toPropertyValue(value);
    if (copy === undefined) leftOut.push(name);
    else travelling.set(name, copy);
    seen.add(lower);
  }
  return { properties: travelling, leftOut };
}

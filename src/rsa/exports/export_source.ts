import type { ServiceProperties, ServiceReference } from "../../framework/mod.ts";
import { formatTyped, normalizeName, OSGI, parseNames } from "../../endpoint/mod.ts";
import { parseIntents } from "./export_properties.ts";

/** A service with the properties that override its own for an export. */
export interface ExportSource {
  readonly reference: ServiceReference;
  readonly overriding: ServiceProperties;
}

/**
 * Returns the properties of a service with those that override them. Names are compared
 * without case; `objectClass` and `service.id` can't be overridden (OSGi Compendium, 122.5.1).
 *
 * @throws {TypeError} if an overriding value is `null` or `undefined`: a property can be
 * overridden but not removed
 */
export function mergeProperties({ reference, overriding }: ExportSource): ServiceProperties {
  // The names of OSGi are looked up as the specification writes them.
  const merged = new Map<string, [name: string, value: unknown]>();
  for (const [name, value] of Object.entries(reference.properties)) {
    merged.set(name.toLowerCase(), [normalizeName(name), value]);
  }
  for (const [name, value] of Object.entries(overriding)) {
    const lower = name.toLowerCase();
    if (lower === "objectclass" || lower === "service.id") continue;
    if (value === undefined || value === null) {
      throw new TypeError(
        `Cannot export service ${reference.id}: ${name} is ${value}; give a value to override with`,
      );
    }
    merged.set(lower, [normalizeName(name), value]);
  }
  return Object.fromEntries(merged.values());
}

/**
 * Returns the key of an export. Exports share an endpoint if they have the same service,
 * interfaces, configuration type and intents, and override the same other properties.
 */
export function createExportKey(source: ExportSource, config: string): string {
  const { reference, overriding } = source;
  const properties = mergeProperties(source);
  const interfaces = parseNames(properties[OSGI.exportedInterfaces]);
  const others = Object.entries(overriding).filter(([name]) => !/^service\.exported\./i.test(name));
  return JSON.stringify([
    reference.id,
    interfaces.includes("*") ? reference.interfaces : interfaces,
    config,
    parseIntents(properties),
    others.map(([name, value]) => [name, formatTyped(value)]).sort(),
  ]);
}

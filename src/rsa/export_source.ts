import type { ServiceProperties, ServiceReference } from "../framework/mod.ts";
import { OSGI, parseNames } from "../endpoint/mod.ts";
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
  const names = new Map(
    Object.keys(reference.properties).map((name) => [name.toLowerCase(), name]),
  );
  const properties: Record<string, unknown> = { ...reference.properties };
  for (const [name, value] of Object.entries(overriding)) {
    const lower = name.toLowerCase();
    if (lower === "objectclass" || lower === "service.id") continue;
    if (value === undefined || value === null) {
      throw new TypeError(
        `Cannot export service ${reference.id}: ${name} is ${value}; give a value to override with`,
      );
    }
    delete properties[names.get(lower) ?? name];
    // The names of OSGi are looked up as the specification writes them.
    const known = /^(?:service|endpoint|ecf|osgi|remote)\./.test(lower) ? lower : name;
    names.set(lower, known);
    properties[known] = value;
  }
  return properties;
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
    others.map(([name, value]) => [name, String(value)]).sort(),
  ]);
}

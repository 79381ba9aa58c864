import type { ServiceProperties } from "../framework/mod.ts";
import { ECF, OSGI, parseNames, type PropertyValue } from "../endpoint/mod.ts";
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

const OWN_ECF: ReadonlySet<string> = new Set([
  ECF.containerId,
  ECF.containerNamespace,
  ECF.remoteServiceId,
  ECF.timestamp,
]);

/**
 * The service's own properties that travel with the endpoint, in the string form in
 * which they travel. The names that begin with `service.`, `remote.`, `component.` or
 * a dot are the framework's or private; of these only `service.ranking` travels, and of
 * `endpoint.` only package versions.
 */
export function copyProperties(properties: ServiceProperties): Map<string, PropertyValue> {
  const extras = new Map<string, PropertyValue>();
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || typeof value === "function") continue;
    if (/^(?:\.|service\.(?!ranking$)|remote\.|component\.)/.test(name)) continue;
    if (name === OSGI.objectClass || name === "instance.name" || OWN_ECF.has(name)) continue;
    if (name.startsWith("endpoint.") && !name.startsWith(OSGI.packageVersion)) continue;
    extras.set(name, Array.isArray(value) ? value.map(String).join(" ") : String(value));
  }
  return extras;
}

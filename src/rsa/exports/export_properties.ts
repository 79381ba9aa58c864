import type { ServiceProperties } from "../../framework/mod.ts";
import {
  CORE_PROPERTIES,
  OSGI,
  parseNames,
  type PropertyValue,
  RS,
  toPropertyValue,
} from "../../endpoint/mod.ts";
import { toPrintable } from "../../util/mod.ts";
import { RemoteServiceError } from "../errors.ts";

/** The intents that an export must offer. */
export function parseIntents(properties: ServiceProperties): readonly string[] {
  const names = [OSGI.exportedIntents, OSGI.exportedIntentsExtra];
  return names.flatMap((name) => parseNames(properties[name]));
}

/**
 * Whether the properties ask for an export; an imported service is not exported again.
 *
 * @example
 * ```ts
 * import { isExported } from "@remote-services/etcd3/rsa";
 *
 * console.log(isExported({ "service.exported.interfaces": "*" }), isExported({})); // true false
 * ```
 */
export function isExported(properties: ServiceProperties): boolean {
  const wanted = findProperty(properties, OSGI.exportedInterfaces) ?? "";
  const isNone = isStringPlus(wanted) && parseNames(wanted).length === 0;
  return !isNone && findProperty(properties, OSGI.imported) === undefined;
}

/** Returns a property of a service whose name may be written in any letter case. */
export function findProperty(properties: ServiceProperties, name: string): unknown {
  if (Object.hasOwn(properties, name)) return properties[name];
  const lower = name.toLowerCase();
  const found = Object.keys(properties).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : properties[found];
}

/** Properties that are one string or a list of strings (OSGi's `String+`). */
const STRING_PLUS: readonly string[] = [
  OSGI.exportedInterfaces,
  OSGI.exportedConfigs,
  OSGI.exportedIntents,
  OSGI.exportedIntentsExtra,
  OSGI.intents,
  RS.methods,
];

/**
 * Checks the properties that an export obeys: a wrong value must not be ignored.
 *
 * @throws {RemoteServiceError} `not-exportable`, naming the property
 */
export function checkExportProperties(properties: ServiceProperties): void {
  const wrong = STRING_PLUS.find((name) => !isStringPlus(properties[name] ?? ""));
  const timeout = properties[OSGI.basicTimeout] ?? 0;
  if (wrong === undefined && isDuration(timeout)) return;
  const name = wrong ?? OSGI.basicTimeout;
  const expected = wrong === undefined ? "milliseconds" : "a string or a list of strings";
  throw createNotExportableError(
    `service ${properties["service.id"]}: ${name} has the wrong type or value; give ${expected}`,
  );
}

function isStringPlus(value: unknown): boolean {
  if (typeof value === "string") return true;
  if (!Array.isArray(value) && !(value instanceof Set)) return false;
  return [...value].every((item) => typeof item === "string");
}

function isDuration(value: unknown): boolean {
  const isNumber = typeof value === "number" || typeof value === "bigint" ||
    typeof value === "string" && value.trim() !== "";
  return isNumber && Number(value) >= 0;
}

/** Longest name of an exported interface, in characters. */
const MAX_NAME = 255;
/**
 * Names without white space and commas, which separate the items of a list, characters that
 * mean something in a filter or in quotes, and characters that can't be seen.
 */
const NAME = /^[^\s,()*\\=<>~&|!"'`\p{Cc}\p{Cf}\p{Cs}]+$/u;

/**
 * Returns the interfaces to export.
 *
 * @throws {RemoteServiceError} `not-exportable` if the properties name none, one that the
 * service is not registered under, or one that a list of names, a filter or a command line
 * could not have
 */
export function exportedInterfaces(
  interfaces: readonly string[],
  properties: ServiceProperties,
): readonly string[] {
  const service = `service ${properties["service.id"]} (${toPrintable(interfaces.join(", "))})`;
  const wanted = parseNames(properties[OSGI.exportedInterfaces]);
  if (wanted.length === 0) {
    throw createNotExportableError(
      `${service}: set ${OSGI.exportedInterfaces} to "*" or to names of its interfaces`,
    );
  }
  const isAll = wanted.length === 1 && wanted[0] === "*";
  const unknown = isAll ? [] : wanted.filter((name) => !interfaces.includes(name));
  if (unknown.length > 0) {
    throw createNotExportableError(
      `${service} as ${toPrintable(unknown.join(", "))}: it is not registered under that`,
    );
  }
  const chosen = [...new Set(isAll ? interfaces : wanted)];
  const invalid = chosen.find((name) => name.length > MAX_NAME || !NAME.test(name));
  if (invalid === undefined) return chosen;
  throw createNotExportableError(
    `${service} as ${toPrintable(JSON.stringify(invalid))}: give an interface name of at most ` +
      `${MAX_NAME} characters without commas, spaces, control characters and ( ) * \\ = < > ~ & | ! " ' \``,
  );
}

function createNotExportableError(reason: string): RemoteServiceError {
  return new RemoteServiceError("not-exportable", `Cannot export ${reason}`);
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
    "component.id",
    "component.name",
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
    const isPrivate = /^(?:\.|service\.exported\.)/.test(lower) || OWN.has(lower);
    if (isPrivate || value === undefined || value === null) continue;
    const copy = seen.has(lower) ? undefined : toPropertyValue(value);
    if (copy === undefined) leftOut.push(name);
    else travelling.set(name, copy);
    seen.add(lower);
  }
  return { properties: travelling, leftOut };
}

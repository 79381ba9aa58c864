import { parseNames } from "./name_list.ts";
import { ECF, OSGI, RS } from "./property_names.ts";
import type { PropertyValue } from "./property_values.ts";

/** Lists of names that travel in one string, separated by spaces. */
const LISTS: ReadonlySet<string> = new Set<string>([
  OSGI.objectClass,
  ECF.idFilter,
  ECF.asyncInterfaces,
  RS.methods,
  RS.features,
]);
/** Properties that are numbers wherever they come from. */
const NUMBERS: ReadonlySet<string> = new Set([
  OSGI.endpointServiceId,
  ECF.remoteServiceId,
  ECF.timestamp,
  OSGI.basicTimeout,
  "service.ranking",
]);
const USUAL: ReadonlyMap<string, string> = new Map(
  [...Object.values(OSGI), ...Object.values(ECF), ...LISTS, ...NUMBERS].map((name) =>
    [name.toLowerCase(), name] as const
  ),
);

/** Returns a name of OSGi or ECF in its usual letter case, any other name unchanged. */
export function normalizeName(name: string): string {
  return USUAL.get(name.toLowerCase()) ?? name;
}

/** Returns a value with the type that its property always has; other values unchanged. */
export function parseKnown(name: string, value: PropertyValue): PropertyValue {
  if (LISTS.has(name)) return parseNames(value);
  if (!NUMBERS.has(name)) return value;
  if (typeof value === "bigint") return Number(value);
  const isNumber = typeof value === "string" && /^\s*[+-]?\d{1,16}\s*$/.test(value);
  return isNumber ? Number(value) : value;
}

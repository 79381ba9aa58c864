import { ECF, OSGI, RS } from "./property_names.ts";
import { decodeValue, encodeType, formatValue } from "./property_types.ts";
import type { PropertyValue } from "./property_values.ts";

/**
 * Maximum size in bytes of the three `rs.*` properties, names included. Once all
 * descriptions exceed 4 MiB, iPOPO finds none of them.
 */
export const MAX_RS_BYTES = 256;

/** Properties whose type every reader knows, so that it is not written. */
const KNOWN: ReadonlySet<string> = new Set<string>([
  ...Object.values(OSGI),
  ...Object.values(ECF),
  ...Object.values(RS),
  "service.ranking",
]);

/**
 * Returns properties as the strings that travel through etcd. The types of the values are
 * added as `rs.types`; what exceeds {@link MAX_RS_BYTES} is left out: first `rs.methods`,
 * then single types.
 *
 * @example
 * ```ts
 * import { decodeWireProperties, encodeWireProperties } from "./mod.ts";
 *
 * const wire = encodeWireProperties(new Map([["size", 9]]));
 * console.log(wire.get("size"), wire.get("rs.types")); // 9 size:n
 * console.log(decodeWireProperties(wire).get("size") === 9); // true
 * ```
 */
export function encodeWireProperties(
  properties: ReadonlyMap<string, PropertyValue>,
): Map<string, string> {
  const strings = new Map<string, string>();
  for (const [name, value] of properties) strings.set(name, formatValue(value));
  const features = strings.get(RS.features);
  const methods = strings.get(RS.methods);
  for (const name of Object.values(RS)) strings.delete(name);
  let left = MAX_RS_BYTES;
  const add = (name: string, text: string | undefined) => {
    const bytes = text ? measureBytes(name) + measureBytes(text) : 0;
    if (!text || bytes > left) return;
    left -= bytes;
    strings.set(name, text);
  };
  add(RS.features, features);
  add(RS.types, encodeTypes(properties, left - measureBytes(RS.types)));
  add(RS.methods, methods);
  return strings;
}

/**
 * Returns properties with the types that `rs.types` names, without `rs.types` itself. A type
 * counts only for a property that is still written exactly as a value of that type is.
 */
export function decodeWireProperties(
  properties: ReadonlyMap<string, PropertyValue>,
): Map<string, PropertyValue> {
  const typed = new Map(properties);
  typed.delete(RS.types);
  const types = properties.get(RS.types);
  if (typeof types !== "string") return typed;
  for (const [name, code] of parseTypes(types)) {
    const text = properties.get(name);
    const isPlain = typeof text === "string" && !KNOWN.has(name);
    const value = isPlain ? decodeValue(text, code) : undefined;
    if (value !== undefined) typed.set(name, value);
  }
  return typed;
}

/**
 * Returns the names of the properties whose types do not fit into `rs.types`: other processes
 * read their strings.
 */
export function findUntypedProperties(properties: ReadonlyMap<string, PropertyValue>): string[] {
  const read = decodeWireProperties(encodeWireProperties(properties));
  return [...properties]
    .filter(([name, value]) => findCode(name, value) !== findCode(name, read.get(name) ?? ""))
    .map(([name]) => name);
}

/**
 * Formats as many types as fit, grouped: `size,weight:n;on:b`. If not all fit, numbers are left
 * out first: filters compare them right as strings, too.
 */
function encodeTypes(properties: ReadonlyMap<string, PropertyValue>, maxBytes: number): string {
  const types = [...properties].flatMap(([name, value]) => {
    const code = findCode(name, value);
    return code === undefined ? [] : [[name, code] as const];
  });
  const all = joinTypes(types, Infinity);
  if (measureBytes(all) <= maxBytes) return all;
  const isNumber = ([, code]: readonly [string, string]) => code === "n";
  const ordered = [...types.filter((type) => !isNumber(type)), ...types.filter(isNumber)];
  return joinTypes(ordered, maxBytes);
}

/** Returns the code of a type that is written; `undefined` if every reader knows the type. */
function findCode(name: string, value: PropertyValue): string | undefined {
  return KNOWN.has(name) ? undefined : encodeType(value);
}

function joinTypes(
  types: readonly (readonly [name: string, code: string])[],
  maxBytes: number,
): string {
  const groups = new Map<string, string>();
  let bytes = 0;
  for (const [name, code] of types) {
    const names = groups.get(code);
    const escaped = name.replace(/[%,:;]/g, (character) => encodeURIComponent(character));
    const separators = names === undefined ? 1 + code.length + (bytes > 0 ? 1 : 0) : 1;
    const added = measureBytes(escaped) + separators;
    if (bytes + added > maxBytes) continue;
    bytes += added;
    groups.set(code, names === undefined ? escaped : `${names},${escaped}`);
  }
  return [...groups].map(([code, names]) => `${names}:${code}`).join(";");
}

function* parseTypes(types: string): Generator<[name: string, code: string]> {
  for (const group of types.split(";")) {
    const [names = "", code] = group.split(":");
    if (code === undefined) continue;
    for (const name of names.split(",")) {
      const escapes = /%(25|2C|3A|3B)/g;
      yield [name.replace(escapes, (escape) => decodeURIComponent(escape)), code];
    }
  }
}

function measureBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

import { Filter } from "../framework/mod.ts";
import { toPrintable } from "../util/mod.ts";
import { findPackage, formatVersionName, parseVersion } from "./package_version.ts";
import { parseKnown } from "./known_properties.ts";
import { ECF, OSGI } from "./property_names.ts";
import { formatProperties, hideMembers, toJsonProperties } from "./printed_properties.ts";
import { type PropertyValue, toPropertyValue } from "./property_values.ts";

/** Values of an {@link EndpointDescription}. OSGi requires the first three only. */
export interface EndpointDescriptionInit {
  /** `endpoint.id`: unique. iPOPO and this library use UUIDs, others URLs. */
  readonly id: string;
  /** `objectClass`: interfaces that can be called. */
  readonly interfaces: readonly string[];
  /** `service.imported.configs`: configuration types to import with. */
  readonly configurationTypes: readonly string[];
  /** `endpoint.service.id`: id of the service in the exporting framework. @default 0 */
  readonly serviceId?: number | undefined;
  /** `endpoint.framework.uuid`. */
  readonly frameworkUuid?: string | undefined;
  /** `ecf.endpoint.id`: the container, for XML-RPC its URL. */
  readonly containerId?: string | undefined;
  /** `ecf.endpoint.id.ns`. */
  readonly containerNamespace?: string | undefined;
  /** `ecf.rsvc.id`: id of the service in the container. */
  readonly remoteServiceId?: number | undefined;
  /** `ecf.endpoint.ts`: milliseconds since 1970. @default 0 */
  readonly timestampMs?: number | undefined;
  /** `service.intents`. @default [] */
  readonly intents?: readonly string[];
  /** `remote.configs.supported`. @default [] */
  readonly configsSupported?: readonly string[];
  /** `remote.intents.supported`. @default [] */
  readonly intentsSupported?: readonly string[];
  /** All other properties. @default none */
  readonly extras?: ReadonlyMap<string, unknown>;
}

/** Properties that an {@link EndpointDescription} holds in members of its own. */
export const CORE_PROPERTIES: ReadonlySet<string> = new Set([
  OSGI.objectClass,
  OSGI.endpointId,
  OSGI.endpointServiceId,
  OSGI.endpointFrameworkUuid,
  OSGI.importedConfigs,
  OSGI.configsSupported,
  OSGI.intentsSupported,
  OSGI.intents,
  OSGI.imported,
  ECF.remoteServiceId,
  ECF.containerId,
  ECF.containerNamespace,
  ECF.timestamp,
]);
const CORE_LOWER = new Set([...CORE_PROPERTIES].map((name) => name.toLowerCase()));

/**
 * A remote service as it is advertised (OSGi Compendium, 122.4). Immutable and valid. Names of
 * properties are compared without case.
 *
 * @priority 40
 * @example
 * ```ts
 * import { EndpointDescription } from "@remote-services/etcd3";
 *
 * const endpoint = new EndpointDescription({
 *   id: "urn:greeter",
 *   interfaces: ["com.example.Greeter"],
 *   configurationTypes: ["ecf.xmlrpc.server"],
 *   extras: new Map([["colour", "red"]]),
 * });
 * endpoint.matches("(&(objectClass=com.example.*)(colour=red))"); // true
 * ```
 */
export class EndpointDescription {
  /** `endpoint.id`, trimmed. */
  readonly id: string;
  /** `objectClass`. */
  readonly interfaces: readonly string[];
  /** `endpoint.service.id`, 0 if it is not given. */
  readonly serviceId: number;
  /** `endpoint.framework.uuid`. */
  readonly frameworkUuid: string | undefined;
  /** `service.imported.configs`. */
  readonly configurationTypes: readonly string[];
  /** `ecf.endpoint.id`. */
  readonly containerId: string | undefined;
  /** `ecf.endpoint.id.ns`. */
  readonly containerNamespace: string | undefined;
  /** `ecf.rsvc.id`. */
  readonly remoteServiceId: number | undefined;
  /** `ecf.endpoint.ts`, 0 if it is not given. */
  readonly timestampMs: number;
  /** `service.intents`. */
  readonly intents: readonly string[];
  /** `remote.configs.supported`. */
  readonly configsSupported: readonly string[];
  /** `remote.intents.supported`. */
  readonly intentsSupported: readonly string[];
  /**
   * All other properties, their names as given. `service.ranking` and `osgi.basic.timeout`
   * are numbers, also if they were given as strings.
   */
  readonly extras: ReadonlyMap<string, PropertyValue>;

  /**
   * Checks and copies.
   *
   * @throws {TypeError} naming the property that is missing or invalid
   */
  constructor(init: EndpointDescriptionInit) {
    this.id = checkText(OSGI.endpointId, init.id);
    this.interfaces = checkNames(OSGI.objectClass, init.interfaces, 1);
    this.configurationTypes = checkNames(OSGI.importedConfigs, init.configurationTypes, 1);
    this.serviceId = checkNumber(OSGI.endpointServiceId, init.serviceId) ?? 0;
    this.frameworkUuid = checkOptionalText(OSGI.endpointFrameworkUuid, init.frameworkUuid);
    this.containerId = checkOptionalText(ECF.containerId, init.containerId);
    this.containerNamespace = checkOptionalText(ECF.containerNamespace, init.containerNamespace);
    this.remoteServiceId = checkNumber(ECF.remoteServiceId, init.remoteServiceId);
    this.timestampMs = checkNumber(ECF.timestamp, init.timestampMs) ?? 0;
    this.intents = checkNames(OSGI.intents, init.intents ?? []);
    this.configsSupported = checkNames(OSGI.configsSupported, init.configsSupported ?? []);
    this.intentsSupported = checkNames(OSGI.intentsSupported, init.intentsSupported ?? []);
    this.extras = checkExtras(init.extras ?? new Map());
    for (const name of this.interfaces) this.#checkVersion(findPackage(name));
    Object.freeze(this);
  }

  /** All properties under their OSGi and ECF names; missing ones and empty lists are left out. */
  get properties(): ReadonlyMap<string, PropertyValue> {
    const core: [name: string, value: PropertyValue | undefined][] = [
      [OSGI.objectClass, this.interfaces],
      [OSGI.endpointId, this.id],
      [OSGI.endpointServiceId, this.serviceId || undefined],
      [OSGI.endpointFrameworkUuid, this.frameworkUuid],
      [OSGI.importedConfigs, this.configurationTypes],
      [OSGI.configsSupported, omitEmpty(this.configsSupported)],
      [OSGI.intentsSupported, omitEmpty(this.intentsSupported)],
      [OSGI.intents, omitEmpty(this.intents)],
      [ECF.remoteServiceId, this.remoteServiceId],
      [ECF.containerId, this.containerId],
      [ECF.containerNamespace, this.containerNamespace],
      [ECF.timestamp, this.timestampMs || undefined],
      [OSGI.imported, "true"],
    ];
    const properties = new Map<string, PropertyValue>();
    for (const [name, value] of core) if (value !== undefined) properties.set(name, value);
    for (const [name, value] of this.extras) properties.set(name, value);
    return properties;
  }

  /** Returns a property; letter case of the name does not matter. */
  getProperty(name: string): PropertyValue | undefined {
    const { properties } = this;
    const lower = name.toLowerCase();
    const found = [...properties.keys()].find((key) => key.toLowerCase() === lower);
    return found === undefined ? undefined : properties.get(found);
  }

  /** Returns the version of a package of the interfaces, `0.0.0` if none is given. */
  getPackageVersion(packageName: string): string {
    return parseVersion(this.getProperty(formatVersionName(packageName))) ?? "0.0.0";
  }

  /** Whether another value is the description of the same endpoint: one with the same id. */
  equals(other: unknown): boolean {
    return other instanceof EndpointDescription && other.id === this.id;
  }

  /** Whether another endpoint offers the same service of the same framework. */
  isSameService(other: EndpointDescription): boolean {
    if (this.equals(other)) return true;
    return this.frameworkUuid !== undefined && this.frameworkUuid === other.frameworkUuid &&
      this.serviceId === other.serviceId;
  }

  /**
   * Whether the properties match a filter.
   *
   * @throws {FilterSyntaxError} if a string is not a filter
   */
  matches(filter: string | Filter): boolean {
    const parsed = filter instanceof Filter ? filter : new Filter(filter);
    return parsed.matches(Object.fromEntries(this.properties));
  }

  /**
   * Returns the properties as `{name=value,name=[item,item]}`, without the user names and
   * passwords of URLs.
   */
  toString(): string {
    return formatProperties(this.properties);
  }

  /** Returns the properties by name, without the credentials of URLs, for logs in JSON. */
  toJSON(): Readonly<Record<string, unknown>> {
    return toJsonProperties(this.properties);
  }

  /** Returns what Node, Bun and Deno print: the members, without credentials as above. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options: unknown) => string,
  ): string {
    return `EndpointDescription ${inspect(hideMembers({ ...this }), options)}`;
  }

  #checkVersion(packageName: string | undefined): void {
    if (packageName === undefined) return;
    const name = formatVersionName(packageName);
    const version = this.getProperty(name);
    if (version === undefined || parseVersion(version) !== undefined) return;
    throw createPropertyError(name, version, "is a version such as 1.2.0");
  }
}

function omitEmpty(list: readonly string[]): readonly string[] | undefined {
  return list.length > 0 ? list : undefined;
}

function checkExtras(
  extras: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, PropertyValue> {
  const copy = new Map<string, PropertyValue>();
  const seen = new Set<string>();
  for (const [name, value] of extras) {
    const lower = name.toLowerCase();
    if (lower.startsWith("service.exported.")) continue; // is not part of an export, 122.4
    if (CORE_LOWER.has(lower)) throw createPropertyError(name, value, "is not an extra");
    if (seen.has(lower)) throw createPropertyError(name, value, "is given once in any letter case");
    seen.add(lower);
    const known = toPropertyValue(value);
    if (known === undefined) throw createPropertyError(name, value, "has a value that can travel");
    copy.set(name, parseKnown(name, known instanceof Set ? freezeCollection(known) : known));
  }
  return freezeCollection(copy);
}

const refuse = () => {
  throw new TypeError("Cannot change an endpoint description; create another one");
};
const REFUSAL: PropertyDescriptor = { value: refuse };

/** Makes a map or a set refuse changes, as `Object.freeze` cannot. */
function freezeCollection<T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>>(
  collection: T,
): T {
  // One at a time: `defineProperties` is three times as slow, for thousands of endpoints.
  Object.defineProperty(collection, collection instanceof Map ? "set" : "add", REFUSAL);
  Object.defineProperty(collection, "delete", REFUSAL);
  return Object.defineProperty(collection, "clear", REFUSAL);
}

function checkText(name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw createPropertyError(name, value, "is a string that is not empty");
}

function checkOptionalText(name: string, value: unknown): string | undefined {
  return value === undefined ? undefined : checkText(name, value);
}

function checkNames(name: string, values: unknown, least = 0): readonly string[] {
  const isValid = (item: unknown) => typeof item === "string" && /^[^\s,]+$/.test(item);
  if (Array.isArray(values) && values.length >= least && values.every(isValid)) {
    return Object.freeze([...values]);
  }
  throw createPropertyError(name, values, "is a list of names without spaces and commas");
}

function checkNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw createPropertyError(name, value, "is a whole number that is not negative");
}

/** Creates the error for a property that is missing or invalid. */
export function createPropertyError(name: string, value: unknown, expected: string): TypeError {
  const found = value === undefined ? "nothing" : formatFound(value);
  return new TypeError(
    `Cannot use ${found} as ${toPrintable(name)} of an endpoint: it ${expected}`,
  );
}

function formatFound(value: unknown): string {
  if (typeof value === "bigint") return `${value}`;
  return toPrintable(JSON.stringify(value) ?? String(value));
}

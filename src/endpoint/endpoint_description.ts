import { ECF, OSGI } from "./property_names.ts";

/** A value of an endpoint's property that is no list. */
export type ScalarValue = string | number | bigint | boolean;

/** A value of an endpoint's property. */
export type PropertyValue = ScalarValue | Uint8Array | readonly ScalarValue[];

/** What an {@link EndpointDescription} is made of. */
export interface EndpointDescriptionInit {
  /** `endpoint.id`: unique; iPOPO and we use UUIDs. */
  readonly id: string;
  /** `objectClass`: the interfaces that can be called. */
  readonly interfaces: readonly string[];
  /** `endpoint.service.id`: the service's id in the exporting framework. */
  readonly serviceId: number;
  /** `endpoint.framework.uuid`. */
  readonly frameworkUuid: string;
  /** `service.imported.configs`: the configuration types to import with. */
  readonly configurationTypes: readonly string[];
  /** `ecf.endpoint.id`: the container, for XML-RPC its URL. */
  readonly containerId: string;
  /** `ecf.endpoint.id.ns`. */
  readonly containerNamespace: string;
  /** `ecf.rsvc.id`: the service's id in the container. */
  readonly remoteServiceId: number;
  /** `ecf.endpoint.ts`: milliseconds since 1970. */
  readonly timestampMs: number;
  /** `service.intents`. @default [] */
  readonly intents?: readonly string[];
  /** `remote.configs.supported`. @default [] */
  readonly configsSupported?: readonly string[];
  /** `remote.intents.supported`. @default [] */
  readonly intentsSupported?: readonly string[];
  /** All other properties. @default none */
  readonly extras?: ReadonlyMap<string, PropertyValue>;
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
  ECF.remoteServiceId,
  ECF.containerId,
  ECF.containerNamespace,
  ECF.timestamp,
]);

/**
 * A remote service as it is advertised: everything that another process needs to
 * import it (OSGi Compendium, 122.4). Immutable and valid.
 */
export class EndpointDescription implements Required<EndpointDescriptionInit> {
  /** `endpoint.id`. */
  readonly id: string;
  /** `objectClass`. */
  readonly interfaces: readonly string[];
  /** `endpoint.service.id`. */
  readonly serviceId: number;
  /** `endpoint.framework.uuid`. */
  readonly frameworkUuid: string;
  /** `service.imported.configs`. */
  readonly configurationTypes: readonly string[];
  /** `ecf.endpoint.id`. */
  readonly containerId: string;
  /** `ecf.endpoint.id.ns`. */
  readonly containerNamespace: string;
  /** `ecf.rsvc.id`. */
  readonly remoteServiceId: number;
  /** `ecf.endpoint.ts`. */
  readonly timestampMs: number;
  /** `service.intents`. */
  readonly intents: readonly string[];
  /** `remote.configs.supported`. */
  readonly configsSupported: readonly string[];
  /** `remote.intents.supported`. */
  readonly intentsSupported: readonly string[];
  /** All other properties. */
  readonly extras: ReadonlyMap<string, PropertyValue>;

  /**
   * Checks and copies.
   *
   * @throws {TypeError} naming the property that is missing or can't be used.
   */
  constructor(init: EndpointDescriptionInit) {
    this.id = text(OSGI.endpointId, init.id);
    if (this.id.includes("/")) throw invalid(OSGI.endpointId, init.id, "has no slash");
    this.interfaces = names(OSGI.objectClass, init.interfaces, 1);
    this.serviceId = wholeNumber(OSGI.endpointServiceId, init.serviceId);
    this.frameworkUuid = text(OSGI.endpointFrameworkUuid, init.frameworkUuid);
    this.configurationTypes = names(OSGI.importedConfigs, init.configurationTypes, 1);
    this.containerId = text(ECF.containerId, init.containerId);
    this.containerNamespace = text(ECF.containerNamespace, init.containerNamespace);
    this.remoteServiceId = wholeNumber(ECF.remoteServiceId, init.remoteServiceId);
    this.timestampMs = wholeNumber(ECF.timestamp, init.timestampMs);
    this.intents = names(OSGI.intents, init.intents ?? []);
    this.configsSupported = names(OSGI.configsSupported, init.configsSupported ?? []);
    this.intentsSupported = names(OSGI.intentsSupported, init.intentsSupported ?? []);
    // What asks for an export is never part of what is exported (122.4).
    const isOwn = ([name]: readonly [string, unknown]) => !/^service\.exported\./i.test(name);
    this.extras = new Map([...init.extras ?? []].filter(isOwn));
    for (const name of this.extras.keys()) {
      if (CORE_PROPERTIES.has(name)) throw invalid(name, this.extras.get(name), "is no extra");
    }
  }

  /** All properties under their OSGi and ECF names; empty lists are left out. */
  get properties(): ReadonlyMap<string, PropertyValue> {
    const lists: [string, readonly string[]][] = [
      [OSGI.configsSupported, this.configsSupported],
      [OSGI.intentsSupported, this.intentsSupported],
      [OSGI.intents, this.intents],
    ];
    return new Map<string, PropertyValue>([
      [OSGI.objectClass, this.interfaces],
      [OSGI.endpointId, this.id],
      [OSGI.endpointServiceId, this.serviceId],
      [OSGI.endpointFrameworkUuid, this.frameworkUuid],
      [OSGI.importedConfigs, this.configurationTypes],
      ...lists.filter(([, list]) => list.length > 0),
      [ECF.remoteServiceId, this.remoteServiceId],
      [ECF.containerId, this.containerId],
      [ECF.containerNamespace, this.containerNamespace],
      [ECF.timestamp, this.timestampMs],
      ...this.extras,
    ]);
  }
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(name, value, "is a text");
}

function names(name: string, values: readonly string[], least = 0): readonly string[] {
  const isValid = Array.isArray(values) && values.length >= least &&
    values.every((value) => typeof value === "string" && /^\S+$/.test(value));
  if (!isValid) throw invalid(name, values, "is a list of names without spaces");
  return Object.freeze([...values]);
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(name, value, "is a whole number");
}

function invalid(name: string, value: unknown, expected: string): TypeError {
  const found = value === undefined ? "nothing" : JSON.stringify(value);
  return new TypeError(`Cannot use ${found} as ${name} of an endpoint: it ${expected}`);
}

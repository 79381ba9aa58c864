import type { BundleFramework, ServiceProperties, ServiceReference } from "../framework/mod.ts";
import { exportedInterfaces, intentsOf, travellingProperties } from "./export_properties.ts";
import { EndpointDescription, OSGI, parseNames } from "../endpoint/mod.ts";
import type { ExportDistributionProvider, ExportedService } from "../distribution/mod.ts";
import { RemoteServiceError } from "./errors.ts";

/** Who can export a service, and with which of its configuration types. */
interface Choice {
  readonly provider: ExportDistributionProvider;
  readonly configs: readonly string[];
}

/** Ids of exported services; one counter, so that they are unique in the process. */
let nextRemoteServiceId = 1;

/** A service with the properties that it is exported with. */
export interface ExportSource {
  readonly reference: ServiceReference;
  readonly overriding: ServiceProperties;
}

/**
 * The service's properties with those that override them, whose names are compared
 * without case; `objectClass` and `service.id` stay (OSGi Compendium, 122.5.1).
 */
function effectiveProperties({ reference, overriding }: ExportSource): ServiceProperties {
  const names = new Map(
    Object.keys(reference.properties).map((name) => [name.toLowerCase(), name]),
  );
  const properties: Record<string, unknown> = { ...reference.properties };
  for (const [name, value] of Object.entries(overriding)) {
    const lower = name.toLowerCase();
    if (lower === "objectclass" || lower === "service.id") continue;
    delete properties[names.get(lower) ?? name];
    // The names of OSGi are looked up as the specification writes them.
    const known = /^(?:service|endpoint|ecf|osgi|remote)\./.test(lower) ? lower : name;
    names.set(lower, known);
    properties[known] = value;
  }
  return properties;
}

/**
 * What exports of a service have in common that share an endpoint: interfaces,
 * configuration types and intents come to the same, and nothing else is overridden.
 */
export function keyOf(
  source: ExportSource,
  providers: readonly ExportDistributionProvider[],
): string {
  const { reference, overriding } = source;
  const properties = effectiveProperties(source);
  const interfaces = parseNames(properties[OSGI.exportedInterfaces]);
  const configs = parseNames(properties[OSGI.exportedConfigs]);
  const others = Object.entries(overriding).filter(([name]) => !/^service\.exported\./i.test(name));
  return JSON.stringify([
    reference.id,
    interfaces.includes("*") ? reference.interfaces : interfaces,
    configs.length > 0 ? configs : providers[0]?.supportedConfigs.slice(0, 1),
    intentsOf(properties),
    others.map(([name, value]) => [name, String(value)]).sort(),
  ]);
}

/** One endpoint of a service: what answers its calls, and its description. */
export class Exporter {
  readonly reference: ServiceReference;
  readonly containerId: string;
  readonly #framework: BundleFramework;
  readonly #choice: Choice;
  readonly #exported: ExportedService;
  readonly #remoteServiceId: number;
  readonly #id: string = crypto.randomUUID();
  #overriding: ServiceProperties;
  #endpoint: EndpointDescription;
  #timestampMs = 0;

  private constructor(
    framework: BundleFramework,
    source: ExportSource,
    choice: Choice,
    exported: ExportedService,
    remoteServiceId: number,
  ) {
    this.reference = source.reference;
    this.containerId = exported.containerId;
    this.#framework = framework;
    this.#overriding = source.overriding;
    this.#choice = choice;
    this.#exported = exported;
    this.#remoteServiceId = remoteServiceId;
    this.#endpoint = this.#describe(source.overriding);
  }

  /**
   * Makes a service callable and describes it.
   *
   * @throws {RemoteServiceError} `not-exportable` or `no-provider`; whatever the
   * provider throws.
   */
  static async create(
    framework: BundleFramework,
    providers: readonly ExportDistributionProvider[],
    source: ExportSource,
  ): Promise<Exporter> {
    const { reference } = source;
    const properties = effectiveProperties(source);
    const interfaces = exportedInterfaces(reference.interfaces, properties);
    const service = framework.registry.getService(reference);
    if (service === undefined) throw unregistered(reference);
    const choice = choose(providers, properties);
    const remoteServiceId = nextRemoteServiceId++;
    const request = { service, remoteServiceId, interfaces, properties };
    const exported = await choice.provider.exportService(request);
    try {
      if (framework.registry.getService(reference) === undefined) throw unregistered(reference);
      return new Exporter(framework, source, choice, exported, remoteServiceId);
    } catch (error) {
      await exported.close();
      throw error;
    }
  }

  get endpoint(): EndpointDescription {
    return this.#endpoint;
  }

  /** Describes the service as it is now. */
  update(overriding: ServiceProperties = this.#overriding): void {
    this.#endpoint = this.#describe(overriding);
    this.#overriding = overriding;
  }

  close(): Promise<void> {
    return this.#exported.close();
  }

  #describe(overriding: ServiceProperties): EndpointDescription {
    const { reference } = this;
    const properties = effectiveProperties({ reference, overriding });
    const { provider } = this.#choice;
    const { configs } = choose([provider], properties); // what is asked for may have changed
    const timestampMs = Math.max(Date.now(), this.#timestampMs + 1);
    const endpoint = new EndpointDescription({
      id: this.#id,
      interfaces: exportedInterfaces(reference.interfaces, properties),
      serviceId: reference.id,
      frameworkUuid: this.#framework.uuid,
      configurationTypes: configs,
      containerId: this.containerId,
      containerNamespace: provider.containerNamespace,
      remoteServiceId: this.#remoteServiceId,
      timestampMs,
      intents: [...new Set([...parseNames(properties[OSGI.intents]), ...intentsOf(properties)])],
      configsSupported: provider.supportedConfigs,
      intentsSupported: provider.supportedIntents,
      extras: travellingProperties(properties),
    });
    this.#timestampMs = timestampMs;
    return endpoint;
  }
}

/** Finds who can export with the configuration types and intents that are asked for. */
function choose(
  providers: readonly ExportDistributionProvider[],
  properties: ServiceProperties,
): Choice {
  const wanted = parseNames(properties[OSGI.exportedConfigs]);
  const intents = intentsOf(properties);
  for (const provider of providers) {
    const configs = wanted.length === 0
      ? provider.supportedConfigs.slice(0, 1)
      : wanted.filter((config) => provider.supportedConfigs.includes(config));
    const offersAll = intents.every((intent) => provider.supportedIntents.includes(intent));
    if (configs.length > 0 && offersAll) return { provider, configs };
  }
  const offered = new Set(providers.flatMap(({ supportedIntents }) => supportedIntents));
  const missing = intents.filter((intent) => !offered.has(intent));
  const intentText = intents.length > 0 ? ` and the intents ${intents.join(", ")}` : "";
  const hint = missing.length > 0 ? ` (nobody offers ${missing.join(", ")})` : "";
  throw new RemoteServiceError(
    "no-provider",
    `Cannot export service ${properties["service.id"]}: no provider has ${
      wanted.join(", ") || "any configuration type"
    }${intentText}${hint}`,
  );
}

function unregistered({ id }: ServiceReference): RemoteServiceError {
  return new RemoteServiceError(
    "not-exportable",
    `Cannot export service ${id}: it is unregistered`,
  );
}

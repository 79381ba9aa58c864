import type { BundleFramework, ServiceProperties, ServiceReference } from "../../framework/mod.ts";
import { type Clock, SYSTEM_CLOCK } from "../../util/mod.ts";
import {
  EndpointDescription,
  OSGI,
  parseNames,
  type PropertyValue,
  RS,
} from "../../endpoint/mod.ts";
import {
  type CallInstrument,
  type CallTarget,
  createInvoker,
  createMethodTable,
  type ExportedEndpoint,
  type Interceptor,
  RemoteCallError,
} from "../../distribution/mod.ts";
import { RemoteServiceError } from "../errors.ts";
import { chooseExports, type ExportChoice } from "./export_choices.ts";
import {
  exportedInterfaces,
  parseIntents,
  selectTravellingProperties,
} from "./export_properties.ts";
import { type ExportSource, mergeProperties } from "./export_source.ts";

/** Counter of exported services; one for the process, so that ids are unique in it. */
let nextRemoteServiceId = 1;

/** Parts that all exports of an admin share. */
export interface ExportContext {
  readonly framework: BundleFramework;
  readonly interceptors: readonly Interceptor[];
  readonly asyncContext?: boolean | undefined;
  readonly instrument?: CallInstrument | undefined;
  readonly clock?: Clock;
}

/** One endpoint of a service: its description, and the provider's end of it. */
export class Exporter {
  readonly reference: ServiceReference;
  readonly config: string;
  readonly #context: ExportContext;
  readonly #clock: Clock;
  readonly #choice: ExportChoice;
  readonly #remoteServiceId: number = nextRemoteServiceId++;
  readonly #id: string;
  #overriding: ServiceProperties;
  #exported: ExportedEndpoint | undefined;
  #target: CallTarget | undefined;
  #allowed: readonly string[] = [];
  #endpoint: EndpointDescription | undefined;
  #leftOut: readonly string[] = [];
  #timestampMs = 0;

  private constructor(context: ExportContext, source: ExportSource, choice: ExportChoice) {
    this.reference = source.reference;
    this.config = choice.config;
    this.#context = context;
    this.#clock = context.clock ?? SYSTEM_CLOCK;
    this.#id = this.#clock.uuid();
    this.#overriding = source.overriding;
    this.#choice = choice;
  }

  /**
   * Makes a service callable and describes it.
   *
   * @throws {RemoteServiceError} `not-exportable`; whatever the provider throws
   */
  static async create(
    context: ExportContext,
    source: ExportSource,
    choice: ExportChoice,
  ): Promise<Exporter> {
    const exporter = new Exporter(context, source, choice);
    try {
      await exporter.#export();
      return exporter;
    } catch (error) {
      await exporter.close();
      throw error;
    }
  }

  /** Address of the container. */
  get containerId(): string {
    return this.#exported?.containerId ?? "";
  }

  /** Description of the endpoint as it is now. */
  get endpoint(): EndpointDescription {
    if (this.#endpoint !== undefined) return this.#endpoint;
    throw new RemoteCallError("wrong-service", `Endpoint ${this.#id} is not exported yet`);
  }

  /** Names of the service's properties that the description cannot carry. */
  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  /**
   * Describes the service as it is now, with the methods that it allows now.
   *
   * @throws if that fails; description and methods stay
   */
  update(overriding: ServiceProperties = this.#overriding): void {
    const before = { methods: this.#target?.methods, allowed: this.#allowed };
    try {
      this.#updateMethods(overriding);
      this.#endpoint = this.#describe(overriding);
      this.#overriding = overriding;
    } catch (error) {
      if (this.#target !== undefined && before.methods !== undefined) {
        this.#target.methods = before.methods;
        this.#allowed = before.allowed;
      }
      throw error;
    }
  }

  /** Refuses further calls. */
  async close(): Promise<void> {
    await this.#exported?.close();
  }

  async #export(): Promise<void> {
    const { reference } = this;
    const { framework: { registry }, interceptors, instrument, asyncContext } = this.#context;
    const properties = mergeProperties({ reference, overriding: this.#overriding });
    const interfaces = exportedInterfaces(reference.interfaces, properties);
    const service = registry.getService(reference);
    if (service === undefined) throw createUnregisteredError(reference);
    this.#allowed = parseNames(properties[RS.methods]);
    const methods = createMethods(service, this.#allowed);
    const getEndpoint = () => this.endpoint;
    this.#target = { methods, interceptors, instrument, asyncContext, getEndpoint };
    this.#exported = await this.#choice.provider.exportEndpoint({
      endpointId: this.#id,
      remoteServiceId: this.#remoteServiceId,
      configurationType: this.config,
      interfaces,
      properties,
      methodNames: methods.names,
      invoke: createInvoker(this.#target),
    });
    if (registry.getService(reference) === undefined) throw createUnregisteredError(reference);
    this.#endpoint = this.#describe(this.#overriding);
  }

  /** Replaces the methods if the service allows others. */
  #updateMethods(overriding: ServiceProperties): void {
    const { reference } = this;
    const allowed = parseNames(mergeProperties({ reference, overriding })[RS.methods]);
    const service = this.#context.framework.registry.getService(reference);
    if (this.#target === undefined || service === undefined) return;
    if (allowed.join() === this.#allowed.join()) return;
    this.#target.methods = createMethods(service, allowed);
    this.#allowed = allowed;
  }

  #describe(overriding: ServiceProperties): EndpointDescription {
    const { reference } = this;
    const properties = mergeProperties({ reference, overriding });
    const { provider } = this.#choice;
    chooseExports([provider], properties); // refuses intents that it does not offer
    const timestampMs = Math.max(this.#clock.epochMs(), this.#timestampMs + 1);
    const intents = [...parseNames(properties[OSGI.intents]), ...parseIntents(properties)];
    const travelling = selectTravellingProperties(properties);
    const endpoint = new EndpointDescription({
      id: this.#id,
      interfaces: exportedInterfaces(reference.interfaces, properties),
      serviceId: reference.id,
      frameworkUuid: this.#context.framework.uuid,
      configurationTypes: [this.config],
      containerId: this.containerId,
      containerNamespace: provider.containerNamespace,
      remoteServiceId: this.#remoteServiceId,
      timestampMs,
      intents: [...new Set(intents)],
      configsSupported: provider.supportedConfigs,
      intentsSupported: provider.supportedIntents,
      extras: new Map([...travelling.properties, ...this.#ownExtras()]),
    });
    this.#leftOut = travelling.leftOut;
    this.#timestampMs = timestampMs;
    return endpoint;
  }

  /** Returns the properties that the provider and the methods add to the service's own. */
  *#ownExtras(): Generator<[name: string, value: PropertyValue]> {
    yield* this.#exported?.properties ?? [];
    const names = this.#target?.methods.names ?? [];
    if (names.length > 0) yield [RS.methods, names];
  }
}

function createUnregisteredError({ id }: ServiceReference): RemoteServiceError {
  return new RemoteServiceError(
    "not-exportable",
    `Cannot export service ${id}: it is unregistered`,
  );
}

function createMethods(service: object, allowed: readonly string[]) {
  return createMethodTable(service, allowed.length > 0 ? allowed : undefined);
}

import type {
  BundleFramework,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from "../../framework/mod.ts";
import { hideCredentials, toPrintable } from "../../util/mod.ts";
import { ECF, type EndpointDescription, OSGI, parseNames } from "../../endpoint/mod.ts";
import {
  type CallInstrument,
  createRemoteProxy,
  type ImportDistributionProvider,
  type Interceptor,
} from "../../distribution/mod.ts";
import { RemoteServiceError } from "../errors.ts";
import { PinnedCaller } from "./pinned_caller.ts";

/** Parts that all imports of an admin share. */
export interface ImportContext {
  readonly framework: BundleFramework;
  readonly providers: readonly ImportDistributionProvider[];
  readonly interceptors: readonly Interceptor[];
  readonly instrument?: CallInstrument | undefined;
  /** Bundle that the proxies belong to. */
  readonly owner: ServiceOwner;
  /** Callers that are open, among them those of withdrawn endpoints with running calls. */
  readonly callers: Set<PinnedCaller>;
}

/** One imported endpoint: how it is called, and the service that its proxy is registered as. */
export class Importer {
  readonly #context: ImportContext;
  #caller: PinnedCaller;
  #service: ServiceRegistration;

  /**
   * Prepares calls and registers the proxy.
   *
   * @throws {RemoteServiceError} `no-provider`; whatever the provider throws
   */
  constructor(context: ImportContext, endpoint: EndpointDescription) {
    this.#context = context;
    this.#caller = this.#import(endpoint);
    this.#service = this.#register(endpoint);
  }

  /** The proxy in the registry. */
  get reference(): ServiceReference {
    return this.#service.reference;
  }

  /** Description of the endpoint as it is now, or was last. */
  get endpoint(): EndpointDescription {
    return this.#caller.endpoint;
  }

  /**
   * Replaces the description. The proxy is registered anew if the interfaces or the
   * configuration types have changed; running calls go on.
   *
   * @throws {TypeError} if it describes another endpoint
   */
  update(endpoint: EndpointDescription): void {
    if (endpoint.id !== this.endpoint.id) {
      throw new TypeError(`Cannot update the import of ${this.endpoint.id} with ${endpoint.id}`);
    }
    if (isSameService(this.endpoint, endpoint)) {
      this.#caller.update(endpoint);
      this.#service.setProperties(createProperties(endpoint, this.#findProvider(endpoint)));
      return;
    }
    const caller = this.#import(endpoint);
    this.close();
    this.#caller = caller;
    this.#service = this.#register(endpoint);
  }

  /** Refuses further calls; running ones go on. */
  close(): void {
    this.#service.close();
    this.#caller.withdraw();
  }

  #import(endpoint: EndpointDescription): PinnedCaller {
    const { interceptors, instrument, callers } = this.#context;
    const imported = this.#findProvider(endpoint).importEndpoint(endpoint);
    const caller = new PinnedCaller(endpoint, imported, {
      interceptors,
      instrument,
      onClosed: (closed) => callers.delete(closed),
    });
    callers.add(caller);
    return caller;
  }

  #findProvider({ id, configurationTypes }: EndpointDescription): ImportDistributionProvider {
    const provider = this.#context.providers.find(({ importedConfigs }) =>
      configurationTypes.some((config) => importedConfigs.includes(config))
    );
    if (provider !== undefined) return provider;
    throw new RemoteServiceError(
      "no-provider",
      `Cannot import endpoint ${toPrintable(id)}: no provider for ` +
        toPrintable(configurationTypes.join(", ")),
    );
  }

  #register(endpoint: EndpointDescription): ServiceRegistration {
    return this.#context.framework.registry.register(
      listInterfaces(endpoint),
      createRemoteProxy(this.#caller),
      createProperties(endpoint, this.#findProvider(endpoint)),
      this.#context.owner,
    );
  }
}

/**
 * Returns the interfaces of a proxy: those of the endpoint, and the asynchronous twins of the
 * ones that `ecf.exported.async.interfaces` names, as with ECF. `*` stands for all.
 */
function listInterfaces({ interfaces, extras }: EndpointDescription): readonly string[] {
  const names = parseNames(extras.get(ECF.asyncInterfaces));
  const twins = interfaces
    .filter((name) => names.includes("*") || names.includes(name))
    .map((name) => name.endsWith("Async") ? name : `${name}Async`);
  return [...new Set([...interfaces, ...twins])];
}

/** Whether a proxy can stay registered when its description is replaced. */
function isSameService(before: EndpointDescription, after: EndpointDescription): boolean {
  return listInterfaces(before).join() === listInterfaces(after).join() &&
    before.configurationTypes.join() === after.configurationTypes.join();
}

/**
 * Returns the properties of a proxy: the public ones of the endpoint, with the configuration
 * types in use and the intents of both sides (OSGi Compendium, 122.5.2).
 */
function createProperties(
  endpoint: EndpointDescription,
  { importedConfigs, importedIntents = [] }: ImportDistributionProvider,
): ServiceProperties {
  const { properties, configurationTypes, containerId, intents } = endpoint;
  const isPublic = ([name]: readonly [string, unknown]) => !name.startsWith(".");
  const allIntents = [...new Set([...intents, ...importedIntents])];
  return {
    ...Object.fromEntries([...properties].filter(isPublic)),
    ...(containerId === undefined ? {} : { [ECF.containerId]: hideCredentials(containerId) }),
    ...(allIntents.length === 0 ? {} : { [OSGI.intents]: allIntents }),
    [OSGI.importedConfigs]: configurationTypes.filter((type) => importedConfigs.includes(type)),
    [OSGI.imported]: true,
  };
}

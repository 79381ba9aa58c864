import type {
  BundleFramework,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from "../framework/mod.ts";
import { ECF, type EndpointDescription, OSGI, parseNames } from "../endpoint/mod.ts";
import type { ImportDistributionProvider, ImportedService } from "../distribution/mod.ts";
import { RemoteServiceError } from "./errors.ts";

/** One imported endpoint: its proxy, and the service it is registered as. */
export class Importer {
  readonly #framework: BundleFramework;
  readonly #providers: readonly ImportDistributionProvider[];
  #endpoint: EndpointDescription;
  #imported: ImportedService;
  #service: ServiceRegistration;

  /**
   * Makes and registers the proxy.
   *
   * @throws {RemoteServiceError} `no-provider`; whatever the provider throws.
   */
  constructor(
    framework: BundleFramework,
    providers: readonly ImportDistributionProvider[],
    endpoint: EndpointDescription,
  ) {
    this.#framework = framework;
    this.#providers = providers;
    this.#endpoint = endpoint;
    this.#imported = this.#import(endpoint);
    this.#service = this.#register(endpoint);
  }

  get reference(): ServiceReference {
    return this.#service.reference;
  }

  get endpoint(): EndpointDescription {
    return this.#endpoint;
  }

  /**
   * Takes over a changed description. A proxy is registered anew when the interfaces
   * or the configuration types have changed.
   */
  update(endpoint: EndpointDescription): void {
    if (endpoint.id !== this.#endpoint.id) {
      throw new TypeError(`Cannot update the import of ${this.#endpoint.id} with ${endpoint.id}`);
    }
    if (isSameService(this.#endpoint, endpoint)) {
      this.#imported.update(endpoint); // throws when it can't be called
      this.#service.setProperties(importedProperties(endpoint));
    } else {
      const imported = this.#import(endpoint);
      this.close();
      this.#imported = imported;
      this.#service = this.#register(endpoint);
    }
    this.#endpoint = endpoint;
  }

  close(): void {
    this.#service.close();
    this.#imported.close();
  }

  #import(endpoint: EndpointDescription): ImportedService {
    const provider = this.#providers.find(({ importedConfigs }) =>
      endpoint.configurationTypes.some((config) => importedConfigs.includes(config))
    );
    if (provider !== undefined) return provider.importService(endpoint);
    const configs = endpoint.configurationTypes.join(", ");
    throw new RemoteServiceError(
      "no-provider",
      `Cannot import endpoint ${endpoint.id}: no provider for ${configs}`,
    );
  }

  #register(endpoint: EndpointDescription): ServiceRegistration {
    return this.#framework.registry.register(
      interfacesOf(endpoint),
      this.#imported.proxy,
      importedProperties(endpoint),
    );
  }
}

/**
 * The asynchronous twins of interfaces that `ecf.exported.async.interfaces` names, `*` for
 * all: the proxy is registered under them too, as ECF does. Ours are asynchronous anyway.
 */
function asyncInterfaces({ interfaces, extras }: EndpointDescription): readonly string[] {
  const names = parseNames(extras.get(ECF.asyncInterfaces));
  return interfaces
    .filter((name) => names.includes("*") || names.includes(name))
    .map((name) => name.endsWith("Async") ? name : `${name}Async`);
}

/** What a proxy is registered under. */
function interfacesOf(endpoint: EndpointDescription): readonly string[] {
  return [...new Set([...endpoint.interfaces, ...asyncInterfaces(endpoint)])];
}

/** Whether a proxy can stay registered as it is when the description changes so. */
function isSameService(before: EndpointDescription, after: EndpointDescription): boolean {
  return interfacesOf(before).join() === interfacesOf(after).join() &&
    before.configurationTypes.join() === after.configurationTypes.join();
}

function importedProperties(endpoint: EndpointDescription): ServiceProperties {
  return { ...Object.fromEntries(endpoint.properties), [OSGI.imported]: true };
}

import type { EndpointSource } from "../discovery/mod.ts";

/** What a part of the remote services offers, as data (OSGi Compendium, 122.9). */
export interface Capability {
  /** Namespace of the capability, such as `osgi.remoteserviceadmin.distribution`. */
  readonly namespace: string;
  /** Attributes by name; lists are arrays of strings. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** Version of the Remote Service Admin specification that this library follows. */
const RSA_VERSION = "1.1";

/** Returns the capability of distribution providers with these configuration types. */
export function createDistributionCapability(configs: readonly string[]): Capability {
  return {
    namespace: "osgi.remoteserviceadmin.distribution",
    attributes: { configs: [...new Set(configs)], version: RSA_VERSION },
  };
}

/**
 * Returns the capability of discoveries, whose names are their protocols.
 *
 * @example
 * ```ts
 * import { createMemoryHub, memory, remoteServices } from "@remote-services/etcd3";
 * import { createDiscoveryCapability } from "@remote-services/etcd3/rsa";
 *
 * await using host = await remoteServices({ discovery: [memory({ hub: createMemoryHub() })] });
 * const { attributes } = createDiscoveryCapability(host.discoveries);
 * console.log(attributes.protocols); // [ "memory" ]
 * ```
 */
export function createDiscoveryCapability(discoveries: readonly EndpointSource[]): Capability {
  return {
    namespace: "osgi.remoteserviceadmin.discovery",
    attributes: {
      protocols: [...new Set(discoveries.map(({ name }) => name))],
      version: RSA_VERSION,
    },
  };
}

/** Capability of the basic topology manager, which exports and imports all that it can. */
export const TOPOLOGY_CAPABILITY: Capability = {
  namespace: "osgi.remoteserviceadmin.topology",
  attributes: { policy: ["promiscuous"], version: RSA_VERSION },
};

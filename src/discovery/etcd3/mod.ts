/**
 * The etcd3 discovery provider: advertises endpoints under a lease and mirrors those
 * of others, in the wire format of iPOPO and Eclipse ECF.
 *
 * @module
 */
export type { Etcd3DiscoveryParts } from "./discovery_parts.ts";
export { etcd3 } from "./etcd3.ts";
export { Etcd3Discovery } from "./etcd3_discovery.ts";
export type { Etcd3Health, Etcd3HealthCounters, IgnoredItems } from "./health/mod.ts";
export type { Etcd3DiscoveryOptions } from "./options/mod.ts";
export type {
  IgnoredKey,
  RegisteredEndpoint,
  RegisteredSession,
  RegistryOptions,
  RegistrySnapshot,
} from "./registry/mod.ts";
export { decodeEndpoint, DEFAULT_TOP_KEY, encodeEndpoint, readRegistry } from "./registry/mod.ts";

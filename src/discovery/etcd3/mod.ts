/**
 * The etcd3 discovery provider: advertises endpoints under a lease and mirrors those
 * of others, in the wire format of iPOPO and Eclipse ECF.
 *
 * @module
 */
export { decodeEndpoint, encodeEndpoint } from "./endpoint_json.ts";
export { etcd3 } from "./etcd3.ts";
export type { Etcd3DiscoveryParts } from "./etcd3_discovery.ts";
export { Etcd3Discovery } from "./etcd3_discovery.ts";
export type { Etcd3Health, Etcd3HealthCounters, IgnoredItems } from "./etcd3_health.ts";
export type {
  IgnoredKey,
  RegisteredEndpoint,
  RegisteredSession,
  RegistryOptions,
  RegistrySnapshot,
} from "./registry_snapshot.ts";
export { readRegistry } from "./registry_snapshot.ts";
export { DEFAULT_TOP_KEY } from "./key_space.ts";
export type { Etcd3DiscoveryOptions } from "./etcd3_options.ts";

/**
 * Options of the discovery: their names, their defaults, and their checks.
 *
 * @module
 */
export { pickEtcdOptions } from "./etcd3_option_names.ts";
export type { Etcd3DiscoveryOptions } from "./etcd3_options.ts";
export {
  type ResolvedDiscoveryOptions,
  resolveDiscoveryOptions,
  SAFE_TTL_SECONDS,
} from "./resolved_options.ts";

import type { DiscoveryFactory } from "../mod.ts";
import { Etcd3Discovery } from "./etcd3_discovery.ts";
import { type Etcd3DiscoveryOptions, resolveDiscoveryOptions } from "./options/mod.ts";

/**
 * Creates a discovery through etcd v3 for a host. What the options leave out, the host
 * fills in: its logger and the address that it advertises.
 *
 * @priority 60
 * @throws {TypeError | RangeError} naming the option that is invalid, and what may be given
 * @example
 * ```ts
 * import { etcd3, remoteServices } from "@remote-services/etcd3";
 *
 * await using host = await remoteServices({
 *   discovery: [etcd3({ endpoints: ["localhost:2379"], leaseTtlSeconds: 10 })],
 * });
 * console.log(host.health.state); // synced
 * ```
 */
export function etcd3(options: Etcd3DiscoveryOptions = {}): DiscoveryFactory {
  resolveDiscoveryOptions(options); // throws here rather than at the start of a host
  return ({ logger, hostIp, clock }) =>
    new Etcd3Discovery({ logger, ...(hostIp && { hostIp }), ...options }, { clock });
}

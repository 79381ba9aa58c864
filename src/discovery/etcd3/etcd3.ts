import { checkOptionNames } from "../../util/mod.ts";
import type { DiscoveryFactory } from "../mod.ts";
import { Etcd3Discovery } from "./etcd3_discovery.ts";
import { ETCD3_OPTION_HINTS, ETCD3_OPTION_NAMES } from "./etcd3_option_names.ts";
import type { Etcd3DiscoveryOptions } from "./options.ts";

/**
 * Creates a discovery through etcd v3 for a host. What the options leave out, the host
 * fills in: its logger and the address that it advertises.
 *
 * @throws {TypeError | RangeError} when the host starts, on invalid options
 * @example
 * ```ts ignore
 * import { etcd3, remoteServices } from "@remote-services/etcd3";
 *
 * await using host = await remoteServices({
 *   discovery: [etcd3({ endpoints: ["etcd-1:2379", "etcd-2:2379"], leaseTtlSeconds: 10 })],
 * });
 * ```
 */
export function etcd3(options: Etcd3DiscoveryOptions = {}): DiscoveryFactory {
  checkOptionNames(options, {
    path: "etcd",
    known: ETCD3_OPTION_NAMES,
    hints: ETCD3_OPTION_HINTS,
  });
  return ({ logger, hostIp }) => new Etcd3Discovery({ logger, hostIp, ...options });
}

import type { DiscoveryProvider, Health } from "../discovery/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/** Interfaces that the discoveries of a host know, and those that the host exports itself. */
export interface KnownInterfaces {
  /** Interfaces of the discovered endpoints. */
  readonly discovered: ReadonlySet<string>;
  /** Interfaces that this host exports; it does not import its own. */
  readonly exported: ReadonlySet<string>;
  /** Health of the discoveries. */
  readonly health: Pick<Health, "state" | "lastError">;
}

/** Returns the endpoints of several discoveries, of each id the latest description. */
export function mergeEndpoints(
  discoveries: readonly DiscoveryProvider[],
): readonly EndpointDescription[] {
  const byId = new Map<string, EndpointDescription>();
  for (const endpoint of discoveries.flatMap(({ endpoints }) => endpoints)) {
    const known = byId.get(endpoint.id);
    if (known === undefined || known.timestampMs < endpoint.timestampMs) {
      byId.set(endpoint.id, endpoint);
    }
  }
  return [...byId.values()];
}

/** Returns the interfaces of endpoints. */
export function collectInterfaces(endpoints: readonly EndpointDescription[]): ReadonlySet<string> {
  return new Set(endpoints.flatMap(({ interfaces }) => interfaces));
}

import type { RegisteredEndpoint } from "../../discovery/etcd3/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { leaseIdToHex } from "../../etcd/mod.ts";
import { SYSTEM_CLOCK } from "../../util/mod.ts";

/** Returns the time since an endpoint was described, in milliseconds; `undefined` if unknown. */
export function findAgeMs({ timestampMs }: EndpointDescription): number | undefined {
  return timestampMs <= 0 ? undefined : SYSTEM_CLOCK.epochMs() - timestampMs;
}

/** Returns the facts about an endpoint, for JSON. */
export function toFacts(endpoint: EndpointDescription): Readonly<Record<string, unknown>> {
  const ageMs = findAgeMs(endpoint);
  return {
    id: endpoint.id,
    interfaces: endpoint.interfaces,
    address: endpoint.containerId,
    ageSeconds: ageMs === undefined ? undefined : Math.floor(ageMs / 1000),
    properties: Object.fromEntries(endpoint.properties),
  };
}

/** Returns the facts about an endpoint in etcd, for JSON. */
export function toRegisteredFacts(
  { endpoint, key, sessionId, leaseId }: RegisteredEndpoint,
): Readonly<Record<string, unknown>> {
  return { ...toFacts(endpoint), key, sessionId, lease: leaseIdToHex(leaseId) };
}

import { combineHealthChanges, type DiscoveryProvider } from "../discovery/mod.ts";
import type { DistributionProvider } from "../distribution/mod.ts";
import { Subscription } from "../util/mod.ts";

/** Returns the local address of the first discovery that is connected. */
export function findFirstLocalAddress(
  discoveries: readonly DiscoveryProvider[],
): string | undefined {
  return discoveries.find(({ localAddress }) => localAddress !== undefined)?.localAddress;
}

/** Providers of a host. */
interface Providers {
  readonly discoveries: readonly DiscoveryProvider[];
  readonly distributions: readonly DistributionProvider[];
}

/**
 * Calls a function whenever the local address has become another one, if a distribution uses
 * it. A lost connection is no change: the address of the next one is compared.
 */
export function followLocalAddress(
  { discoveries, distributions }: Providers,
  onChange: () => void,
): Subscription {
  const stop = new AbortController();
  const isUsed = distributions.some(({ usesLocalAddress }) => usesLocalAddress === true);
  if (isUsed) follow(discoveries, onChange, stop.signal);
  return new Subscription(() => stop.abort());
}

async function follow(
  discoveries: readonly DiscoveryProvider[],
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  let known: string | undefined;
  // A new connection changes the health.
  for await (const _health of combineHealthChanges(discoveries, signal)) {
    const address = findFirstLocalAddress(discoveries);
    if (address === undefined || address === known) continue;
    if (known !== undefined) onChange();
    known = address;
  }
}

import type { DiscoveryProvider } from "../discovery/mod.ts";
import { RemoteServiceError } from "../rsa/mod.ts";

/**
 * Returns the discoveries to advertise in. If all are observers, these are returned, so that
 * each of them reports what it refuses.
 */
export function findAdvertisers(
  discoveries: readonly DiscoveryProvider[],
): readonly DiscoveryProvider[] {
  const advertisers = discoveries.filter(({ isObserver }) => isObserver !== true);
  return advertisers.length > 0 ? advertisers : discoveries;
}

/**
 * Checks that a service can be advertised at all.
 *
 * @throws {RemoteServiceError} `not-exportable` if every discovery is an observer
 */
export function checkAdvertisers(
  discoveries: readonly DiscoveryProvider[],
  interfaces: string | readonly string[],
): void {
  const isObserved = discoveries.length > 0 &&
    discoveries.every(({ isObserver }) => isObserver === true);
  if (!isObserved) return;
  throw new RemoteServiceError(
    "not-exportable",
    `Cannot register ${[interfaces].flat().join(", ")}: this host is an observer; ` +
      "leave out the option observe of its discovery",
  );
}

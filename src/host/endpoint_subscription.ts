import type { EndpointDiscovery, EndpointEvent, EndpointEventListener } from "../discovery/mod.ts";
import { checkOptionNames, Subscription } from "../util/mod.ts";

/**
 * Adds a listener, or a function as one, to all discoveries.
 *
 * @throws {TypeError} if it has no function `endpointChanged`, or a member is misspelt
 */
export function listen(
  discoveries: readonly EndpointDiscovery[],
  listener: EndpointEventListener | ((event: EndpointEvent) => void | Promise<void>),
): Subscription {
  const added = typeof listener === "function" ? { endpointChanged: listener } : listener;
  checkListener(added);
  const subscriptions = discoveries.map((discovery) => discovery.addListener(added));
  return new Subscription(() => {
    for (const subscription of subscriptions) subscription.close();
  });
}

/** Checks a listener; an object of a class may have members of its own. */
function checkListener(listener: EndpointEventListener): void {
  if (typeof listener?.endpointChanged !== "function") {
    throw new TypeError("Cannot add the listener: give a function, or an endpointChanged method");
  }
  if (Object.getPrototypeOf(listener) !== Object.prototype) return;
  checkOptionNames(listener, { path: "listener", known: ["scope", "endpointChanged"] });
}

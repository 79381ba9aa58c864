import { Filter } from "../framework/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { EndpointEvent, EndpointEventListener } from "./endpoint_discovery.ts";

/**
 * A listener that hears of the endpoints in its scope only (OSGi Compendium, 122.6.3):
 * one that comes into the scope by a change is `added`, one that leaves it by a change
 * `modified-endmatch`. Without a scope the listener itself.
 *
 * @throws {FilterSyntaxError} when a scope is no filter.
 */
export function scoped(listener: EndpointEventListener): EndpointEventListener {
  const { scope } = listener;
  if (scope === undefined) return listener;
  const filters = [scope].flat().map((text) => new Filter(text));
  const known = new Set<string>();
  return {
    endpointChanged: (event) => {
      const inScope = eventInScope(event, known, filters);
      return inScope && listener.endpointChanged(inScope);
    },
  };
}

function eventInScope(
  { type, endpoint }: EndpointEvent,
  known: Set<string>,
  filters: readonly Filter[],
): EndpointEvent | undefined {
  const wasKnown = known.has(endpoint.id);
  if (type === "removed") return known.delete(endpoint.id) ? { type, endpoint } : undefined;
  if (isMatch(endpoint, filters)) {
    known.add(endpoint.id);
    return { type: wasKnown ? "modified" : "added", endpoint };
  }
  return known.delete(endpoint.id) ? { type: "modified-endmatch", endpoint } : undefined;
}

function isMatch({ properties }: EndpointDescription, filters: readonly Filter[]): boolean {
  const record = Object.fromEntries(properties);
  return filters.some((filter) => filter.matches(record));
}

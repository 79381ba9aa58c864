import type { EndpointDescription } from "../endpoint/mod.ts";
import { Filter } from "../framework/mod.ts";
import { collectFilterProperties, collectSearchText } from "./feed/mod.ts";

/** Longest filter. */
const MAX_FILTER = 2000;

/** Whether an endpoint is shown. */
export type EndpointPredicate = (endpoint: EndpointDescription) => boolean;

/**
 * Parses what is typed into the filter of the page: an LDAP filter if it begins with a bracket,
 * otherwise words that must all occur in the properties. Secrets cannot be searched for.
 *
 * @throws {FilterSyntaxError} if an LDAP filter is invalid
 * @throws {RangeError} if the filter is too long
 */
export function parsePageFilter(text: string): EndpointPredicate {
  const trimmed = text.trim();
  if (trimmed.length > MAX_FILTER) {
    throw new RangeError(`Cannot use the filter: it is longer than ${MAX_FILTER} characters`);
  }
  if (trimmed === "") return () => true;
  if (trimmed.startsWith("(")) {
    const filter = new Filter(trimmed);
    return (endpoint) => filter.matches(collectFilterProperties(endpoint));
  }
  const words = trimmed.toLowerCase().split(/\s+/);
  return (endpoint) => {
    const searched = collectSearchText(endpoint);
    return words.every((word) => searched.includes(word));
  };
}

import type { EndpointDescription } from "../endpoint/mod.ts";
import { Filter } from "../framework/mod.ts";

/** Result of matching an endpoint: the filter that matched, if the scope has filters. */
export interface ScopeMatch {
  /** Text of the first matching filter; `undefined` without a scope. */
  readonly filter: string | undefined;
}

/** Scope of an endpoint listener (OSGi Compendium, 122.6.3). */
export class EndpointScope {
  readonly #filters: readonly (readonly [text: string, filter: Filter])[] | undefined;

  /**
   * Parses the filters. Without a scope every endpoint is in scope; with an empty one, none.
   *
   * @throws {FilterSyntaxError} if a filter is invalid
   */
  constructor(scope: string | readonly string[] | undefined) {
    this.#filters = scope === undefined
      ? undefined
      : [scope].flat().filter((text) => text.trim() !== "")
        .map((text) => [text, new Filter(text)] as const);
  }

  /** Returns the match of an endpoint, or `undefined` if it is out of scope. */
  match({ properties }: EndpointDescription): ScopeMatch | undefined {
    if (this.#filters === undefined) return { filter: undefined };
    const record = Object.fromEntries(properties);
    for (const [text, filter] of this.#filters) {
      if (filter.matches(record)) return { filter: text };
    }
    return undefined;
  }
}

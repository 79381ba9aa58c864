import { type HeaderEntry, PreparedHeaders } from "../http/mod.ts";

type Headers = Readonly<Record<string, string>>;

/** Headers of a client's requests: its own, then those of a call, which replace its own. */
export class RequestHeaders {
  readonly #entries: readonly HeaderEntry[];
  /** Names, in lower case. */
  readonly #names: ReadonlySet<string>;
  readonly #usual: PreparedHeaders;
  /** The last headers of a call that can't change, and what was made of them. */
  #last: { readonly headers: Headers; readonly merged: PreparedHeaders } | undefined;

  /**
   * Adds the headers that every request has to those of the client's options.
   *
   * @throws {TypeError} if one can't be sent
   */
  constructor(own: Headers = {}) {
    const entries = Object.entries(own);
    const names = new Set(entries.map(([name]) => name.toLowerCase()));
    const defaults: HeaderEntry[] = [["content-type", "text/xml"], ["accept-encoding", "gzip"]];
    this.#entries = [...entries, ...defaults.filter(([name]) => !names.has(name))];
    this.#names = new Set(this.#entries.map(([name]) => name.toLowerCase()));
    this.#usual = new PreparedHeaders(this.#entries);
  }

  /**
   * Returns the headers of a request. Calls mostly have the same ones: those of a frozen object
   * are merged once.
   *
   * @throws {TypeError} if one can't be sent
   */
  merge(headers: Headers | undefined): PreparedHeaders {
    if (headers === undefined) return this.#usual;
    if (this.#last?.headers === headers) return this.#last.merged;
    const merged = new PreparedHeaders(this.#mergeEntries(headers));
    if (Object.isFrozen(headers)) this.#last = { headers, merged };
    return merged;
  }

  /** Of several headers with one name, the last is sent. */
  #mergeEntries(headers: Headers): HeaderEntry[] {
    const added = Object.entries(headers);
    const all = [...this.#entries, ...added];
    for (const [name] of added) {
      const isNew = name === name.toLowerCase() && !this.#names.has(name);
      if (!isNew) return [...new Map(all.map((entry) => [entry[0].toLowerCase(), entry])).values()];
    }
    return all;
  }
}

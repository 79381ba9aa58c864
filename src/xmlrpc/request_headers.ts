import { type HeaderEntry, PreparedHeaders } from "../http/mod.ts";
import { listHeaders } from "../util/mod.ts";

type Headers = Readonly<Record<string, string>>;

/** Largest number of names that are kept. */
const MAX_PLAIN = 20;

/** Headers of a client's requests: its own, then those of a call, which replace its own. */
export class RequestHeaders {
  readonly #entries: readonly HeaderEntry[];
  /** Names, in lower case. */
  readonly #names: ReadonlySet<string>;
  readonly #usual: PreparedHeaders;
  /** Names in lower case that were added to the client's own; most calls have the same. */
  readonly #plain = new Set<string>();
  /** The last headers of a call that can't change, and what was made of them. */
  #last: { readonly headers: Headers; readonly merged: PreparedHeaders } | undefined;

  /**
   * Adds the headers that every request has to those of the client's options.
   *
   * @throws {TypeError} if one can't be sent
   */
  constructor(own: Headers = {}) {
    const entries = listHeaders(own);
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
    const merged = this.#prepare(listHeaders(headers));
    if (Object.isFrozen(headers)) this.#last = { headers, merged };
    return merged;
  }

  /** Of several headers with one name, the last is sent. */
  #prepare(added: readonly HeaderEntry[]): PreparedHeaders {
    for (const [name] of added) {
      if (this.#plain.has(name) || this.#isPlain(name)) continue;
      const all = [...this.#entries, ...added];
      const last = new Map(all.map((entry) => [entry[0].toLowerCase(), entry]));
      return new PreparedHeaders(last.values());
    }
    return new PreparedHeaders(added, this.#usual);
  }

  /** Whether a header needs only be added to the client's own. */
  #isPlain(name: string): boolean {
    const isPlain = name === name.toLowerCase() && !this.#names.has(name);
    if (isPlain && this.#plain.size < MAX_PLAIN) this.#plain.add(name);
    return isPlain;
  }
}

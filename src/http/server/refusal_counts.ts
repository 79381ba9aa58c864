/** Codes that are counted from the start, so that the first refusal is seen as an increase. */
const CODES = ["400", "401", "403", "404", "405", "408", "413", "415", "500", "503"];

/**
 * Counts the requests that were refused before it was known what they ask for.
 *
 * @example
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 *
 * await using http = new HttpService({ port: 0 });
 * await http.handle(new Request("http://localhost/nothing"));
 * console.log(new Map(http.refusals).get("404")); // 1
 * ```
 */
export class RefusalCounts implements Iterable<readonly [code: string, count: number]> {
  readonly #counts = new Map(CODES.map((code) => [code, 0]));

  /**
   * Adds refused requests.
   *
   * @param code status of the reply; codes of other kinds must be few
   * @param count 0 to list a code from the start
   */
  add(code: string, count = 1): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  /** Returns the present counts by code. */
  [Symbol.iterator](): Iterator<readonly [code: string, count: number]> {
    return this.#counts[Symbol.iterator]();
  }
}

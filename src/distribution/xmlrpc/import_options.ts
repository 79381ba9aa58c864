import type { Clock } from "../../util/mod.ts";

/** Options of an {@link XmlRpcImportProvider}; all may be left out. */
export interface XmlRpcImportOptions {
  /** Deadline of a call whose endpoint has no `osgi.basic.timeout`. @default 30000 */
  readonly timeoutMs?: number;
  /** Headers of every call, such as `authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Sends the HTTP requests: with the `client` of `Deno.createHttpClient` it trusts other
   * authorities or presents a certificate of its own. @default globalThis.fetch
   */
  readonly fetch?: typeof fetch;
  /** Source of time. @default the clock of the machine */
  readonly clock?: Clock;
}

import { prefixEnd } from "../../../etcd/mod.ts";

/** Top key of iPOPO and ECF. */
export const DEFAULT_TOP_KEY = "org.eclipse.ecf.provider.etcd3.container.Etcd3DiscoveryContainer";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Meaning of a key under the top key. */
export interface ParsedKey {
  /** Session that it belongs to. */
  readonly sessionId: string;
  /** Endpoint; `undefined` for the key of the session itself. */
  readonly endpointId: string | undefined;
}

/**
 * The keys of sessions and endpoints in etcd: `<top>/<session>` and
 * `<top>/<session>/<endpoint>`, as in iPOPO and ECF.
 */
export class KeySpace {
  /** Top key, without a slash. */
  readonly topKey: string;
  /** First key of the range that is listed and watched. */
  readonly prefix: string;
  /** First key after that range. */
  readonly prefixEnd: Uint8Array;

  /**
   * Checks the top key.
   *
   * @throws {TypeError} if it is empty or has a slash, at which iPOPO and ECF split
   */
  constructor(topKey: string = DEFAULT_TOP_KEY) {
    if (topKey === "" || /[/\s]/.test(topKey)) {
      throw new TypeError(
        `Cannot use the top key ${JSON.stringify(topKey)}: give a name without slash and space`,
      );
    }
    this.topKey = topKey;
    this.prefix = `${topKey}/`;
    this.prefixEnd = prefixEnd(this.prefix);
  }

  /** Returns the key of a session. */
  sessionKey(sessionId: string): string {
    return this.prefix + sessionId;
  }

  /** Returns the key of an endpoint. */
  endpointKey(sessionId: string, endpointId: string): string {
    return `${this.prefix}${sessionId}/${endpointId}`;
  }

  /** Parses a key; returns `undefined` if it belongs to no session. */
  parse(key: string): ParsedKey | undefined {
    if (!key.startsWith(this.prefix)) return undefined;
    const [sessionId = "", endpointId, ...more] = key.slice(this.prefix.length).split("/");
    if (!UUID.test(sessionId) || more.length > 0 || endpointId === "") return undefined;
    return { sessionId, endpointId };
  }
}

/**
 * Checks a session id.
 *
 * @throws {TypeError} if it is not a UUID: iPOPO and ECF ignore other sessions
 */
export function checkSessionId(sessionId: string): string {
  if (UUID.test(sessionId)) return sessionId;
  throw new TypeError(`Cannot use the session id ${JSON.stringify(sessionId)}: give a UUID`);
}

import type { EtcdLink, KeyValue } from "../../../etcd/mod.ts";
import type { EndpointDescription } from "../../../endpoint/mod.ts";
import { toMessage } from "../../../util/mod.ts";
import { readEndpoint } from "./endpoint_json.ts";
import { listKeys, type ListOptions } from "./key_listing.ts";
import { KeySpace } from "./key_space.ts";
import { decodeText } from "./stored_text.ts";

/** Settings of {@link readRegistry}. */
export interface RegistryOptions extends ListOptions {
  /** Root of all keys. @default that of iPOPO and ECF */
  readonly topKey?: string;
}

/** Endpoint as it is stored in etcd. */
export interface RegisteredEndpoint {
  /** Key in etcd. */
  readonly key: string;
  /** Session that advertises it. */
  readonly sessionId: string;
  /** Lease of the key; 0 if it has none and stays for ever. */
  readonly leaseId: bigint;
  /** Description in the key. */
  readonly endpoint: EndpointDescription;
  /** Properties of it that are unreadable. */
  readonly ignoredProperties: readonly { readonly name: string; readonly reason: string }[];
}

/** Session: a process that advertises endpoints. */
export interface RegisteredSession {
  /** Id of the session. */
  readonly sessionId: string;
  /** Lease of its key; 0 if it has none. */
  readonly leaseId: bigint;
}

/** Key that every discovery ignores. */
export interface IgnoredKey {
  /** Key in etcd. */
  readonly key: string;
  /** Lease of the key; 0 if it has none. */
  readonly leaseId: bigint;
  /** Why it is ignored. */
  readonly reason: string;
}

/** Everything under the top key at one revision. */
export interface RegistrySnapshot {
  /** Revision of the store. */
  readonly revision: bigint;
  /** Endpoints, in the order of their keys. */
  readonly endpoints: readonly RegisteredEndpoint[];
  /** Keys of sessions. A session whose key is missing may have endpoints nevertheless. */
  readonly sessions: readonly RegisteredSession[];
  /** Keys without a readable session or endpoint. */
  readonly ignored: readonly IgnoredKey[];
}

/**
 * Reads everything that processes advertise in etcd, at one revision. Needs only the right to
 * read, writes nothing and opens no watch.
 *
 * @throws {TypeError} if the top key is invalid
 * @throws {EtcdError} as {@link EtcdClient}
 * @example
 * ```ts
 * import { EtcdClient } from "@remote-services/etcd3/etcd";
 * import { readRegistry } from "./mod.ts";
 *
 * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
 * const { endpoints } = await readRegistry(etcd);
 * for (const { endpoint } of endpoints) console.log(endpoint.interfaces, endpoint.containerId);
 * ```
 */
export async function readRegistry(
  etcd: Pick<EtcdLink, "kv">,
  options: RegistryOptions = {},
): Promise<RegistrySnapshot> {
  const keys = new KeySpace(options.topKey);
  const { header, kvs } = await listKeys(etcd, keys, options);
  const endpoints: RegisteredEndpoint[] = [];
  const sessions: RegisteredSession[] = [];
  const ignored: IgnoredKey[] = [];
  for (const kv of kvs) {
    const key = decodeText(kv.key);
    const parsed = keys.parse(key);
    const leaseId = kv.lease;
    if (parsed === undefined) {
      ignored.push({ key, leaseId, reason: "it is not <top key>/<session UUID>/<endpoint id>" });
    } else if (parsed.endpointId === undefined) {
      sessions.push({ sessionId: parsed.sessionId, leaseId });
    } else {
      try {
        endpoints.push(readRegistered(key, parsed.sessionId, parsed.endpointId, kv));
      } catch (error) {
        ignored.push({ key, leaseId, reason: toMessage(error) });
      }
    }
  }
  return { revision: header.revision, endpoints, sessions, ignored };
}

/** @throws {Error} saying why the description is unreadable */
function readRegistered(
  key: string,
  sessionId: string,
  endpointId: string,
  { value, lease }: KeyValue,
): RegisteredEndpoint {
  const { endpoint, ignored } = readEndpoint(decodeText(value));
  if (endpoint.id !== endpointId) throw new TypeError(`its endpoint.id is ${endpoint.id}`);
  return { key, sessionId, leaseId: lease, endpoint, ignoredProperties: ignored };
}

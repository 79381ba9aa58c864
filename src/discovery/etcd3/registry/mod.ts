/**
 * What is in etcd, in the format of iPOPO and Eclipse ECF: the keys of sessions and endpoints, the
 * JSON of an endpoint, and listings of all of them.
 *
 * @module
 */
export { decodeEndpoint, encodeEndpoint, readEndpoint } from "./endpoint_json.ts";
export { type Listing, listKeys } from "./key_listing.ts";
export { checkSessionId, DEFAULT_TOP_KEY, KeySpace } from "./key_space.ts";
export type {
  IgnoredKey,
  RegisteredEndpoint,
  RegisteredSession,
  RegistryOptions,
  RegistrySnapshot,
} from "./registry_snapshot.ts";
export { readRegistry } from "./registry_snapshot.ts";
export { decodeText } from "./stored_text.ts";

import { pickOptions } from "../../../util/mod.ts";
import type { EtcdOptions } from "../../../etcd/mod.ts";
import type { Etcd3DiscoveryOptions } from "./etcd3_options.ts";

/** Every option of the client, so that the compiler finds one that is missing here. */
const CLIENT_NAMES: Readonly<Record<keyof EtcdOptions, true>> = {
  endpoints: true,
  tls: true,
  auth: true,
  callTimeoutMs: true,
  dialTimeoutMs: true,
  pingIntervalMs: true,
  pingTimeoutMs: true,
  maxReplyBytes: true,
};

/** Every option of the discovery. */
const NAMES: Readonly<Record<keyof Etcd3DiscoveryOptions, true>> = {
  ...CLIENT_NAMES,
  topKey: true,
  sessionId: true,
  leaseTtlSeconds: true,
  hostIp: true,
  onConnected: true,
  startOffline: true,
  observe: true,
  removalGraceMs: true,
  resyncIntervalMs: true,
  progressIntervalMs: true,
  progressTimeoutMs: true,
  logger: true,
};

/** Names of the options of the etcd3 discovery. */
export const ETCD3_OPTION_NAMES: readonly string[] = Object.keys(NAMES);

/** Returns those options of the discovery that its client has. */
export function pickEtcdOptions(options: Etcd3DiscoveryOptions): EtcdOptions {
  return pickOptions(options, CLIENT_NAMES);
}

/** Advice for the names that iPOPO and ECF use. */
export const ETCD3_OPTION_HINTS: Readonly<Record<string, string>> = {
  hostname: 'give endpoints: "host:2379"',
  port: 'give endpoints: "host:2379"',
  "etcd.hostname": 'give endpoints: "host:2379"',
  "etcd.port": 'give endpoints: "host:2379"',
  top_key: "give topKey",
  "etcd.top_key": "give topKey",
  session_id: "give sessionId",
  "etcd.session_id": "give sessionId",
  lease_ttl: "give leaseTtlSeconds",
  "etcd.lease_ttl": "give leaseTtlSeconds",
  keepalive_interval: "the lease is renewed three times in leaseTtlSeconds",
  "etcd.keepalive_interval": "the lease is renewed three times in leaseTtlSeconds",
  call_timeout: "give callTimeoutMs, in milliseconds",
  "etcd.call_timeout": "give callTimeoutMs, in milliseconds",
  hostip: "give hostIp",
  "etcd.hostip": "give hostIp",
  connected_callback: "give onConnected",
  "etcd.connected_callback": "give onConnected",
  grpc_credentials: "give tls",
  "etcd.grpc_credentials": "give tls",
  "etcd.disconnect_timeout": "closing takes at most 3 s",
  "etcd.grpc_options": "give pingIntervalMs, pingTimeoutMs or maxReplyBytes",
};

/**
 * Client of etcd v3 over gRPC: typed `kv`, `lease` and `watch`, deadlines and abort signals on
 * every call, several endpoints, TLS and passwords. gRPC itself is loaded at the first
 * connection.
 *
 * ```ts
 * import { EtcdClient, prefixEnd } from "@remote-services/etcd3/etcd";
 *
 * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
 * const lease = await etcd.lease.grant(30);
 * await etcd.kv.put("services/greeter", "http://127.0.0.1:8181", { lease: lease.id });
 * const { kvs } = await etcd.kv.range("services/", { rangeEnd: prefixEnd("services/") });
 * console.log(kvs.map(({ value }) => new TextDecoder().decode(value))); // [ "http://127.0.0.1:8181" ]
 * await etcd.lease.revoke(lease.id);
 * ```
 *
 * @module
 */
export type { CallOptions } from "./caller.ts";
export type { Bytes, KeyValue, ReplyHeader } from "./wire.ts";
export { prefixEnd } from "./wire.ts";
export { EtcdClient } from "./client.ts";
export type { EtcdErrorCode, EtcdErrorDetails } from "./errors.ts";
export { EtcdError } from "./errors.ts";
export type {
  Condition,
  DeleteOptions,
  DeleteReply,
  Kv,
  Operation,
  PutOptions,
  RangeOptions,
  RangeReply,
  TxnReply,
} from "./kv.ts";
export type { GrantedLease, KeepAliveStream, Leases, LeaseTimeToLive, Renewal } from "./lease.ts";
export { leaseIdToHex } from "./lease.ts";
export type { EtcdConnector, EtcdLink } from "./link.ts";
export type { MemberCertificate } from "./transport/mod.ts";
export { readMemberCertificate } from "./member_certificate.ts";
export type { Alarm, Maintenance, Member, MemberStatus } from "./maintenance.ts";
export type {
  EtcdOptions,
  PasswordOptions,
  Pem,
  Renewable,
  ResolvedEtcdOptions,
  TlsOptions,
} from "./options.ts";
export type { WatchBatch, Watches, WatchEvent, WatchOptions, WatchStream } from "./watch.ts";

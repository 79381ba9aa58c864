import type { AlarmRequest } from "./generated/etcdserverpb/AlarmRequest.ts";
import type { AlarmResponse__Output } from "./generated/etcdserverpb/AlarmResponse.ts";
import type { AuthenticateRequest } from "./generated/etcdserverpb/AuthenticateRequest.ts";
import type { AuthenticateResponse__Output } from "./generated/etcdserverpb/AuthenticateResponse.ts";
import type { CompactionRequest } from "./generated/etcdserverpb/CompactionRequest.ts";
import type { CompactionResponse__Output } from "./generated/etcdserverpb/CompactionResponse.ts";
import type { DeleteRangeRequest } from "./generated/etcdserverpb/DeleteRangeRequest.ts";
import type { DeleteRangeResponse__Output } from "./generated/etcdserverpb/DeleteRangeResponse.ts";
import type { LeaseGrantRequest } from "./generated/etcdserverpb/LeaseGrantRequest.ts";
import type { LeaseGrantResponse__Output } from "./generated/etcdserverpb/LeaseGrantResponse.ts";
import type { LeaseKeepAliveRequest } from "./generated/etcdserverpb/LeaseKeepAliveRequest.ts";
import type { LeaseKeepAliveResponse__Output } from "./generated/etcdserverpb/LeaseKeepAliveResponse.ts";
import type { LeaseRevokeRequest } from "./generated/etcdserverpb/LeaseRevokeRequest.ts";
import type { LeaseRevokeResponse__Output } from "./generated/etcdserverpb/LeaseRevokeResponse.ts";
import type { LeaseTimeToLiveRequest } from "./generated/etcdserverpb/LeaseTimeToLiveRequest.ts";
import type { LeaseTimeToLiveResponse__Output } from "./generated/etcdserverpb/LeaseTimeToLiveResponse.ts";
import type { MemberListRequest } from "./generated/etcdserverpb/MemberListRequest.ts";
import type { MemberListResponse__Output } from "./generated/etcdserverpb/MemberListResponse.ts";
import type { PutRequest } from "./generated/etcdserverpb/PutRequest.ts";
import type { PutResponse__Output } from "./generated/etcdserverpb/PutResponse.ts";
import type { RangeRequest } from "./generated/etcdserverpb/RangeRequest.ts";
import type { RangeResponse__Output } from "./generated/etcdserverpb/RangeResponse.ts";
import type { StatusRequest } from "./generated/etcdserverpb/StatusRequest.ts";
import type { StatusResponse__Output } from "./generated/etcdserverpb/StatusResponse.ts";
import type { TxnRequest } from "./generated/etcdserverpb/TxnRequest.ts";
import type { TxnResponse__Output } from "./generated/etcdserverpb/TxnResponse.ts";
import type { WatchRequest } from "./generated/etcdserverpb/WatchRequest.ts";
import type { WatchResponse__Output } from "./generated/etcdserverpb/WatchResponse.ts";
import type { Compare } from "./generated/etcdserverpb/Compare.ts";
import type { RequestOp } from "./generated/etcdserverpb/RequestOp.ts";
import type { ResponseHeader__Output } from "./generated/etcdserverpb/ResponseHeader.ts";
import type { Event__Output } from "./generated/mvccpb/Event.ts";
import type { KeyValue__Output } from "./generated/mvccpb/KeyValue.ts";

/** Condition of a transaction, as sent. */
export type WireCompare = Compare;
/** Operation of a transaction, as sent. */
export type WireOperation = RequestOp;
/** Header of a reply, as received. */
export type WireHeader = ResponseHeader__Output;
/** Key and value, as received. */
export type WireKeyValue = KeyValue__Output;
/** Change of a key, as received. */
export type WireEvent = Event__Output;

/** RPCs with one request and one reply, by name. */
interface UnaryRpcs {
  range: [RangeRequest, RangeResponse__Output];
  put: [PutRequest, PutResponse__Output];
  deleteRange: [DeleteRangeRequest, DeleteRangeResponse__Output];
  txn: [TxnRequest, TxnResponse__Output];
  compact: [CompactionRequest, CompactionResponse__Output];
  leaseGrant: [LeaseGrantRequest, LeaseGrantResponse__Output];
  leaseRevoke: [LeaseRevokeRequest, LeaseRevokeResponse__Output];
  leaseTimeToLive: [LeaseTimeToLiveRequest, LeaseTimeToLiveResponse__Output];
  authenticate: [AuthenticateRequest, AuthenticateResponse__Output];
  memberList: [MemberListRequest, MemberListResponse__Output];
  alarm: [AlarmRequest, AlarmResponse__Output];
  status: [StatusRequest, StatusResponse__Output];
}

/** RPCs that are streams of requests and of replies, by name. */
interface StreamRpcs {
  watch: [WatchRequest, WatchResponse__Output];
  leaseKeepAlive: [LeaseKeepAliveRequest, LeaseKeepAliveResponse__Output];
}

type Rpcs = UnaryRpcs & StreamRpcs;

/** Name of an RPC with one request and one reply. */
export type UnaryRpc = keyof UnaryRpcs;
/** Name of an RPC that is a stream. */
export type StreamRpc = keyof StreamRpcs;
/** Name of an RPC that the client calls. */
export type RpcName = UnaryRpc | StreamRpc;
/** Request of an RPC. */
export type RpcRequest<Name extends RpcName> = Rpcs[Name][0];
/** Reply of an RPC. */
export type RpcReply<Name extends RpcName> = Rpcs[Name][1];

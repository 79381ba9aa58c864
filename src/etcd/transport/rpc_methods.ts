import { Buffer } from "node:buffer";
import { grpc, loadFileDescriptorSetFromBuffer } from "./grpc_js.ts";
import { DESCRIPTOR_SET } from "./generated/descriptor.ts";
import type { ProtoGrpcType } from "./generated/rpc.ts";
import type { RpcName, RpcReply, RpcRequest } from "./rpcs.ts";

/** Path and codec of one RPC. */
interface Method<Request, Reply> {
  readonly path: string;
  requestSerialize(request: Request): Buffer;
  responseDeserialize(bytes: Buffer): Reply;
}

const { etcdserverpb } = grpc.loadPackageDefinition(
  loadFileDescriptorSetFromBuffer(Buffer.from(DESCRIPTOR_SET, "base64"), {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  }),
) as unknown as ProtoGrpcType;

const { KV, Watch, Lease, Auth, Cluster, Maintenance } = etcdserverpb;

/** Path and codec of every RPC, made from the generated schema. */
export const METHODS: {
  readonly [Name in RpcName]: Method<RpcRequest<Name>, RpcReply<Name>>;
} = {
  range: KV.service.Range,
  put: KV.service.Put,
  deleteRange: KV.service.DeleteRange,
  txn: KV.service.Txn,
  compact: KV.service.Compact,
  watch: Watch.service.Watch,
  leaseGrant: Lease.service.LeaseGrant,
  leaseRevoke: Lease.service.LeaseRevoke,
  leaseKeepAlive: Lease.service.LeaseKeepAlive,
  leaseTimeToLive: Lease.service.LeaseTimeToLive,
  authenticate: Auth.service.Authenticate,
  memberList: Cluster.service.MemberList,
  alarm: Maintenance.service.Alarm,
  status: Maintenance.service.Status,
};

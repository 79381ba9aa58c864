/**
 * Everything that touches gRPC: the connection to one member and the generated RPCs.
 * Loading it loads grpc-js, so only its types are imported statically; {@link GrpcChannel}
 * is loaded when a connection is opened.
 *
 * @module
 */
export type { MemberCertificate } from "./dial.ts";
export { readCertificate } from "./dial.ts";
export type { Duplex } from "./duplex_stream.ts";
export type { UnaryContext } from "./grpc_channel.ts";
export { GrpcChannel } from "./grpc_channel.ts";
export type {
  RpcName,
  RpcReply,
  RpcRequest,
  StreamRpc,
  UnaryRpc,
  WireCompare,
  WireEvent,
  WireHeader,
  WireKeyValue,
  WireOperation,
} from "./rpcs.ts";

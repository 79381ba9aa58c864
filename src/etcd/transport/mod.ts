/**
 * Everything that touches gRPC: the connection to one member and the generated RPCs.
 *
 * @module
 */
export type { Duplex } from "./duplex_stream.ts";
export type { UnaryContext } from "./grpc_channel.ts";
export { GrpcChannel } from "./grpc_channel.ts";
export type { Method } from "./rpc_methods.ts";
export { METHODS } from "./rpc_methods.ts";

// The only file that imports the packages of gRPC; the generated code takes their types from here.

export * as grpc from "@grpc/grpc-js";
export { loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";
export type {
  EnumTypeDefinition,
  Long,
  MessageTypeDefinition,
  MethodDefinition,
} from "@grpc/proto-loader";

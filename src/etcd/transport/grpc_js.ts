// The only file that imports grpc-js.

export * as grpc from "npm:@grpc/grpc-js@^1.14.0";

// Original file: proto/rpc.proto

import type { Long } from 'npm:@grpc/proto-loader@^0.8.0';

export interface LeaseKeepAliveRequest {
  'ID'?: (number | string | Long);
}

export interface LeaseKeepAliveRequest__Output {
  'ID': (string);
}

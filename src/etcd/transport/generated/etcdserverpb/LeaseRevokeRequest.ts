// Original file: proto/rpc.proto

import type { Long } from 'npm:@grpc/proto-loader@^0.8.0';

export interface LeaseRevokeRequest {
  'ID'?: (number | string | Long);
}

export interface LeaseRevokeRequest__Output {
  'ID': (string);
}

// Original file: proto/rpc.proto

import type { Long } from 'npm:@grpc/proto-loader@^0.8.0';

export interface LeaseGrantRequest {
  'TTL'?: (number | string | Long);
  'ID'?: (number | string | Long);
}

export interface LeaseGrantRequest__Output {
  'TTL': (string);
  'ID': (string);
}

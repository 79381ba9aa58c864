// Original file: proto/rpc.proto

import type { Long } from 'npm:@grpc/proto-loader@^0.8.0';

export interface CompactionRequest {
  'revision'?: (number | string | Long);
  'physical'?: (boolean);
}

export interface CompactionRequest__Output {
  'revision': (string);
  'physical': (boolean);
}

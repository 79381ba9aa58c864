// Original file: proto/rpc.proto

import type { Long } from '../../grpc_js.ts';

export interface LeaseRevokeRequest {
  'ID'?: (number | string | Long);
}

export interface LeaseRevokeRequest__Output {
  'ID': (string);
}

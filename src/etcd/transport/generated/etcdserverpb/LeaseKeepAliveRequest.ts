// Original file: proto/rpc.proto

import type { Long } from '../../grpc_js.ts';

export interface LeaseKeepAliveRequest {
  'ID'?: (number | string | Long);
}

export interface LeaseKeepAliveRequest__Output {
  'ID': (string);
}

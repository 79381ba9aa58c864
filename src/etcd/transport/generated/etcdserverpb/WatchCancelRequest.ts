// Original file: proto/rpc.proto

import type { Long } from '../../grpc_js.ts';

export interface WatchCancelRequest {
  'watch_id'?: (number | string | Long);
}

export interface WatchCancelRequest__Output {
  'watch_id': (string);
}

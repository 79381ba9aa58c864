// Original file: proto/rpc.proto

import type { Long } from 'npm:@grpc/proto-loader@^0.8.0';

export interface WatchCancelRequest {
  'watch_id'?: (number | string | Long);
}

export interface WatchCancelRequest__Output {
  'watch_id': (string);
}

import type { grpc } from "./grpc_js.ts";
import type { ResolvedEtcdOptions } from "../options.ts";

/** Returns the options of grpc-js for a channel to one member, which never connects again. */
export function createChannelOptions(
  endpoint: string,
  options: ResolvedEtcdOptions,
): grpc.ChannelOptions {
  return {
    // The channel is given an address, so this is the name it goes by.
    "grpc.default_authority": endpoint,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.keepalive_time_ms": options.pingIntervalMs,
    "grpc.keepalive_timeout_ms": options.pingTimeoutMs,
    "grpc.keepalive_permit_without_calls": 0,
    // A channel that fails is replaced, so its calls shall end at once.
    "grpc.initial_reconnect_backoff_ms": 1,
    "grpc.max_reconnect_backoff_ms": 1,
    // Without a call there are no pings that would find a dead connection, so such a
    // connection is closed; the next call opens another one.
    "grpc.client_idle_timeout_ms": 10_000,
    "grpc.max_receive_message_length": options.maxReplyBytes,
    "grpc.max_send_message_length": -1,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
  };
}

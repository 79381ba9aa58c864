import type { Duplex, RpcReply, RpcRequest, StreamRpc, UnaryRpc } from "./transport/mod.ts";

/** Settings of one call. */
export interface CallOptions {
  /**
   * Deadline of the call in milliseconds.
   * @default the client's `callTimeoutMs`
   */
  readonly timeoutMs?: number;
  /** Aborts the call; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal;
}

/** Runs RPCs by name, over one link or over whichever link is open. */
export interface Caller {
  unary<Name extends UnaryRpc>(
    rpc: Name,
    request: RpcRequest<Name>,
    options: CallOptions,
  ): Promise<RpcReply<Name>>;
  duplex<Name extends StreamRpc>(
    rpc: Name,
    options: CallOptions,
  ): Promise<Duplex<RpcRequest<Name>, RpcReply<Name>>>;
}

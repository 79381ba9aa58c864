import type { RemoteCall } from "./remote_call.ts";

/** Runs a call and resolves with its result. */
export type CallHandler = (call: RemoteCall) => Promise<unknown>;

/**
 * Code around remote calls, the same type for outgoing and incoming ones. It may change the
 * call, the result or the error, refuse the call by throwing, or call `next` again. Client
 * interceptors run once for each attempt, so that `call.endpoint` and `call.attempt` are
 * known; server interceptors run before the method is looked up.
 *
 * @example
 * ```ts
 * import type { Interceptor } from "@remote-services/etcd3";
 *
 * const logCalls: Interceptor = (next) => async (call) => {
 *   const startMs = performance.now();
 *   try {
 *     return await next(call);
 *   } finally {
 *     console.log(call.direction, call.method, performance.now() - startMs);
 *   }
 * };
 * ```
 * @example
 * ```ts
 * import { type Interceptor, RemoteCallError } from "@remote-services/etcd3";
 *
 * const adminOnly: Interceptor = (next) => (call) => {
 *   if (call.principal === "admin") return next(call);
 *   throw new RemoteCallError("denied", "only admins may call it");
 * };
 * ```
 */
export type Interceptor = (next: CallHandler) => CallHandler;

/** Returns a handler that runs interceptors, the first one outermost, around another handler. */
export function composeInterceptors(
  interceptors: readonly Interceptor[],
  handler: CallHandler,
): CallHandler {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), handler);
}

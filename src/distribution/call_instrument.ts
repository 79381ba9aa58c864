import type { RemoteCall } from "./remote_call.ts";

/**
 * Measures or traces the calls of a host. Unlike an interceptor it is around all of a call, the
 * interceptors and the limits included, and costs next to nothing while it is inactive.
 */
export interface CallInstrument {
  /** Whether calls are to be measured; asked at each call. */
  readonly isActive: boolean;
  /**
   * Runs a call and returns its result, or a promise of it, or throws what it throws.
   *
   * @param next runs the call, or a copy with further headers
   * @param isKnownMethod whether the method is one of the service; strangers may send any name
   */
  run(call: RemoteCall, next: (call: RemoteCall) => unknown, isKnownMethod: boolean): unknown;
}

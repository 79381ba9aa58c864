import type { RemoteCall } from "./remote_call.ts";

/** A call as a {@link CallInstrument} sees it. */
export interface MeasuredCall extends RemoteCall {
  /** Returns one header of an incoming call; costs less than `headers`. */
  readHeader?(name: string): string | undefined;
}

/**
 * Measures or traces the calls of a host. Unlike an interceptor it is around all of a call, the
 * interceptors and the limits included, and costs next to nothing while it is inactive.
 */
export interface CallInstrument {
  /** Whether calls are to be measured; asked at each call. */
  readonly isActive: boolean;
  /**
   * Begins to measure a call. Does not throw.
   *
   * @param isKnownMethod whether the method is one of the service; strangers may send any name
   */
  begin(call: MeasuredCall, isKnownMethod: boolean): CallMeasurement;
}

/** The measurement of one running call; none of its functions throws by itself. */
export interface CallMeasurement {
  /**
   * Runs the call, with the headers that a trace needs.
   *
   * @param isWatched whether it runs code that may look for the active span, such as that of the
   * user; what this code does belongs to the call
   */
  run<T>(next: (call: RemoteCall) => T, isWatched: boolean): T;
  /** Ends with a result. */
  end(): void;
  /** Ends with an error. */
  fail(error: unknown): void;
}

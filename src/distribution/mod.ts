/**
 * The distribution contract: what a protocol must offer, the proxy, the interceptors and the
 * errors of remote calls. The providers are in folders of their own.
 *
 * @module
 */
export type { Authorize, CallCheck } from "./authorization.ts";
export { createCallCheck } from "./authorization.ts";
export type {
  DistributionCloseOptions,
  DistributionContext,
  DistributionFactory,
  DistributionProvider,
} from "./distribution_factory.ts";
export type {
  ExportDistributionProvider,
  ExportedEndpoint,
  ExportRequest,
  ImportDistributionProvider,
  ImportedEndpoint,
} from "./distribution_provider.ts";
export type { BoundMethod, MethodTable } from "./exported_methods.ts";
export { createMethodTable } from "./exported_methods.ts";
export type { CallInstrument, CallMeasurement, MeasuredCall } from "./call_instrument.ts";
export type { CallGuards, CallTarget, Invoke } from "./incoming_call.ts";
export { createInvoker } from "./incoming_call.ts";
export { currentCall } from "./current_call.ts";
export type { CallHandler, Interceptor } from "./interceptor.ts";
export { composeInterceptors } from "./interceptor.ts";
export { FaultLog } from "./fault_log.ts";
export { GENERAL_FAULT, UnsendableResultError } from "./method_outcome.ts";
export { createThrownFault, createUserFault } from "./thrown_fault.ts";
export { isMethodName } from "./method_names.ts";
export type { CallLimits, LimitedCall, RunningCall } from "./call_limiter.ts";
export { CallLimiter, RunningCalls } from "./call_limiter.ts";
export {
  completeCallError,
  createCallDetails,
  createCallError,
  createNamedError,
  readRefusalReason,
} from "./named_call_error.ts";
export type {
  IntegerForm,
  ReceivedCall,
  RemoteAttemptOptions,
  RemoteCall,
  RemoteCallOptions,
} from "./remote_call.ts";
export type {
  ExecutionState,
  RemoteCallErrorCode,
  RemoteCallErrorDetails,
  RemoteFaultDetails,
} from "./remote_call_error.ts";
export { RemoteCallError, RemoteFault } from "./remote_call_error.ts";
export type { RemoteCaller } from "./remote_proxy.ts";
export { checkIdempotent, computeDeadlineMs } from "./call_options.ts";
export { createRemoteProxy, getRemoteCaller, withOptions } from "./remote_proxy.ts";

/**
 * The distribution contract: what a protocol must offer, the proxy and the errors of
 * remote calls.
 *
 * @module
 */
export type {
  ExportDistributionProvider,
  ExportedService,
  ExportRequest,
  ImportDistributionProvider,
  ImportedService,
} from "./distribution_provider.ts";
export { isMethodName, methodsOf } from "./exported_methods.ts";
export type {
  ExecutionState,
  RemoteCallErrorCode,
  RemoteCallErrorDetails,
} from "./remote_call_error.ts";
export { RemoteCallError, RemoteFault } from "./remote_call_error.ts";
export type {
  DistributionCloseOptions,
  DistributionContext,
  DistributionFactory,
  DistributionProvider,
} from "./distribution_factory.ts";

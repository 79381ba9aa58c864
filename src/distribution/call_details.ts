import type { RemoteCall } from "./remote_call.ts";
import type { RemoteCallErrorDetails } from "./remote_call_error.ts";

/** Returns the details that every error of a call has. */
export function createCallDetails(call: RemoteCall): RemoteCallErrorDetails {
  const { interfaceName, method, attempt, endpoint } = call;
  return { interfaceName, method, attempt, address: endpoint.containerId, endpointId: endpoint.id };
}

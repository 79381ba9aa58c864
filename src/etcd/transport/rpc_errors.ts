import { EtcdError, toErrorCode } from "../errors.ts";

/** Part of an error of grpc-js that is translated. */
interface Failure {
  readonly code: number;
  readonly details?: string;
  readonly message: string;
}

/**
 * Returns the error of a call on a channel that is closed.
 *
 * @param path path of the RPC, such as `/etcdserverpb.KV/Range`
 * @param isLost whether the connection was lost, rather than closed by this client
 */
export function createClosedError(endpoint: string, path: string, isLost: boolean): EtcdError {
  const state = isLost ? "was lost" : "is closed";
  const message = `Cannot ${toRpcName(path)}: the connection to ${endpoint} ${state}`;
  return new EtcdError(isLost ? "unavailable" : "closed", message, { endpoint });
}

/**
 * Translates the failure of a call.
 *
 * @param path path of the RPC, such as `/etcdserverpb.KV/Range`
 * @param failure `null` if the member ended the call without a status
 */
export function createRpcError(
  endpoint: string,
  path: string,
  failure: Failure | null,
): EtcdError {
  const name = toRpcName(path);
  if (failure === null) {
    const message = `etcd at ${endpoint} ended ${name} without a reply`;
    return new EtcdError("unavailable", message, { endpoint });
  }
  return new EtcdError(
    toErrorCode(failure.code, failure.details ?? ""),
    `etcd at ${endpoint} failed ${name}: ${failure.details || failure.message}`,
    { endpoint, status: failure.code, cause: failure },
  );
}

/** Returns `Range` for `/etcdserverpb.KV/Range`. */
function toRpcName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

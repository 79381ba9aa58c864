import { runOutsideSpan } from "../telemetry/mod.ts";
import { onAbort } from "../util/mod.ts";
import { resolveMetrics } from "./metrics_option.ts";
import type { RemoteServicesOptions } from "./options.ts";
import { RemoteServices } from "./remote_services.ts";

/**
 * Starts a host for remote services: exports what is registered, and imports what other
 * processes export. Without options: XML-RPC, discovered through etcd at `localhost:2379`.
 *
 * @priority 100
 * @throws {EtcdError} `unavailable` or `timeout` within `etcd.callTimeoutMs` if etcd can't
 * be reached, unless `etcd.startOffline` is set
 * @throws {HttpListenError} if `http` is given and its port is in use
 * @throws {TypeError | RangeError} on invalid options
 * @example
 * ```ts
 * import { remoteServices } from "@remote-services/etcd3";
 *
 * await using host = await remoteServices({
 *   etcd: { endpoints: "localhost:2379" },
 *   http: { port: 0 },
 * });
 * await host.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
 * console.log(host.health.state); // synced
 * ```
 */
export async function remoteServices(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
  const { signal } = options;
  signal?.throwIfAborted();
  const host = new RemoteServices(options);
  using _subscription = onAbort(signal, () => host.close({ drainTimeoutMs: 0 }));
  try {
    const start = () => startParts(host, options);
    await (options.openTelemetry === false ? start() : runOutsideSpan(start));
    signal?.throwIfAborted();
    return host;
  } catch (error) {
    await host.close({ drainTimeoutMs: 0 });
    signal?.throwIfAborted(); // the caller's own reason, unwrapped
    throw error;
  }
}

async function startParts(host: RemoteServices, options: RemoteServicesOptions): Promise<void> {
  for (const distribution of host.distributions) await distribution.start();
  if (resolveMetrics(options.metrics) !== undefined) await host.http?.start();
  await Promise.all(host.discoveries.map((discovery) => discovery.start(options.signal)));
}

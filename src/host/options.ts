import type { DiscoveryFactory } from "../discovery/mod.ts";
import { etcd3, type Etcd3DiscoveryOptions } from "../discovery/etcd3/mod.ts";
import type { DistributionFactory, Interceptor } from "../distribution/mod.ts";
import {
  xmlRpc,
  type XmlRpcClientSettings,
  type XmlRpcHttpOptions,
} from "../distribution/xmlrpc/mod.ts";
import { checkOptionNames, checkTimeout, type Clock, type Logger } from "../util/mod.ts";
import type { MetricsOptions } from "./metrics_option.ts";

/** Settings of {@link remoteServices}; everything may be left out. */
export interface RemoteServicesOptions {
  /** Settings of the discovery through etcd; short for `discovery: [etcd3({...})]`. */
  readonly etcd?: Etcd3DiscoveryOptions;
  /**
   * Settings of the XML-RPC server; short for `distribution: [xmlRpc({ http: {...} })]`. If
   * given, the port is taken at once; otherwise with the first service that is registered.
   */
  readonly http?: XmlRpcHttpOptions;
  /** Settings of calls to others; short for `distribution: [xmlRpc({ client: {...} })]`. */
  readonly client?: XmlRpcClientSettings;
  /** Discoveries to advertise in and to discover through. @default [etcd3()] */
  readonly discovery?: readonly DiscoveryFactory[];
  /** Protocols to export and to call with; the first is the default. @default [xmlRpc()] */
  readonly distribution?: readonly DistributionFactory[];
  /** Code around every call, such as logging, authorization or tracing. @default none */
  readonly interceptors?: {
    /** Around each attempt of an outgoing call, the first one outermost. @default [] */
    readonly client?: readonly Interceptor[];
    /** Around each incoming call, the first one outermost. @default [] */
    readonly server?: readonly Interceptor[];
  };
  /**
   * Whether `currentCall()` is valid through the awaits of a method, by `AsyncLocalStorage`.
   * It costs 13 to 17 % of the calls per second, in this process only.
   * @default false
   */
  readonly asyncContext?: boolean;
  /**
   * Serves metrics for Prometheus on the HTTP server, whose port is then taken at once: calls,
   * errors and durations by interface and method, endpoints, health. `true` for `/metrics`.
   * @default false
   */
  readonly metrics?: boolean | MetricsOptions;
  /**
   * Whether calls are traced and measured once an OpenTelemetry SDK is registered in the process,
   * as by `OTEL_DENO=true`. @default true
   */
  readonly openTelemetry?: boolean;
  /** Longest time of a call in milliseconds, in and out. @default 30000 */
  readonly timeoutMs?: number;
  /**
   * Zone of this process: calls prefer endpoints whose `osgi.clusterinfo.zone` is the same.
   * @default none
   */
  readonly zone?: string;
  /**
   * Time in milliseconds for which {@link RemoteServices.close} goes on serving after the
   * endpoints were withdrawn, so that other processes are notified before.
   * @default 500
   */
  readonly drainMs?: number;
  /**
   * Longest time in milliseconds that running calls may take after that.
   * @default 10000
   */
  readonly drainTimeoutMs?: number;
  /** Ends the start; its `reason` is thrown unchanged, and nothing is left open. */
  readonly signal?: AbortSignal;
  /** Receives log records; `console` is a logger. @default silent */
  readonly logger?: Logger;
  /** Source of time and randomness, for tests. @default the clock of the machine */
  readonly clock?: Clock;
}

const NAMES: Readonly<Record<keyof RemoteServicesOptions, true>> = {
  etcd: true,
  http: true,
  client: true,
  discovery: true,
  distribution: true,
  interceptors: true,
  asyncContext: true,
  metrics: true,
  openTelemetry: true,
  timeoutMs: true,
  zone: true,
  drainMs: true,
  drainTimeoutMs: true,
  signal: true,
  logger: true,
  clock: true,
};
/** Names that users of iPOPO and ECF bring along. */
const HINTS: Readonly<Record<string, string>> = {
  "etcd.hostname": 'give etcd: { endpoints: "host:2379" }',
  "etcd.port": 'give etcd: { endpoints: "host:2379" }',
  "etcd.top_key": "give etcd: { topKey }",
  "etcd.session_id": "give etcd: { sessionId }",
  "etcd.lease_ttl": "give etcd: { leaseTtlSeconds }",
  "etcd.keepalive_interval": "the lease is renewed three times in its etcd: { leaseTtlSeconds }",
  "etcd.call_timeout": "give etcd: { callTimeoutMs }, in milliseconds",
  "etcd.disconnect_timeout": "give close({ drainTimeoutMs }), in milliseconds",
  "etcd.hostip": "give etcd: { hostIp }",
  "etcd.connected_callback": "give etcd: { onConnected }",
  "etcd.grpc_credentials": "give etcd: { tls }",
  endpoints: "give etcd: { endpoints }",
  port: "give http: { port }",
  hostname: "give http: { hostname }",
};

/**
 * Checks the options of a host and resolves the shorthand into lists of providers.
 *
 * @throws {TypeError | RangeError} on an unknown option, or one that has no effect
 */
export function resolveProviders(options: RemoteServicesOptions): {
  readonly discovery: readonly DiscoveryFactory[];
  readonly distribution: readonly DistributionFactory[];
} {
  checkOptionNames(options, { path: "", known: Object.keys(NAMES), hints: HINTS });
  const { etcd, http, client, discovery, distribution, interceptors = {} } = options;
  checkTimeout(options.timeoutMs ?? 30_000);
  checkBoolean("asyncContext", options.asyncContext);
  checkOptionNames(interceptors, { path: "interceptors", known: ["client", "server"] });
  checkFunctions("discovery", discovery, "[etcd3()]");
  checkFunctions("distribution", distribution, "[xmlRpc()]");
  checkFunctions("interceptors.client", interceptors.client, "[(next) => (call) => next(call)]");
  checkFunctions("interceptors.server", interceptors.server, "[(next) => (call) => next(call)]");
  for (const name of ["drainMs", "drainTimeoutMs"] as const) {
    if (options[name] !== undefined && options[name] !== 0) checkTimeout(options[name], name);
  }
  if (discovery !== undefined && etcd !== undefined) {
    throw new TypeError("Cannot use etcd beside discovery: give discovery: [etcd3({...})]");
  }
  if (distribution !== undefined && (http ?? client) !== undefined) {
    const name = http === undefined ? "client" : "http";
    throw new TypeError(
      `Cannot use ${name} beside distribution: give distribution: [xmlRpc({ ${name}: {...} })]`,
    );
  }
  return {
    discovery: discovery ?? [etcd3(etcd)],
    distribution: distribution ?? [
      xmlRpc({
        ...(http === undefined ? {} : { http }),
        ...(client === undefined ? {} : { client }),
      }),
    ],
  };
}

function checkBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(`Cannot use ${name} ${String(value)}: give true or false`);
}

function checkFunctions(name: string, list: unknown, example: string): void {
  const isList = Array.isArray(list) && list.every((item) => typeof item === "function");
  if (list === undefined || isList) return;
  throw new TypeError(`Cannot use ${name}: it is not a list of functions; give ${example}`);
}

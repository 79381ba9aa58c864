import type { DistributionProvider } from "../distribution/mod.ts";
import { XmlRpcDistribution } from "../distribution/xmlrpc/mod.ts";
import { createMetricsServlet, type MetricsSource } from "../telemetry/mod.ts";
import { checkOptionNames } from "../util/mod.ts";
import type { Authenticate } from "../xmlrpc/mod.ts";

/** Settings of the metrics that a host serves. */
export interface MetricsOptions {
  /** Path on the HTTP server of the host. @default "/metrics" */
  readonly path?: string;
  /**
   * Admits the senders of requests; `() => true` admits all.
   * @default the `authenticate` of the XML-RPC server
   */
  readonly authenticate?: Authenticate;
}

/**
 * Returns the settings of the metrics; `undefined` if none are served.
 *
 * @throws {TypeError} on an unknown option
 */
export function resolveMetrics(
  metrics: boolean | MetricsOptions | undefined,
): MetricsOptions | undefined {
  if (metrics === undefined || metrics === false) return undefined;
  if (metrics === true) return {};
  checkOptionNames(metrics, { path: "metrics", known: ["path", "authenticate"] });
  const { authenticate } = metrics;
  if (authenticate === undefined || typeof authenticate === "function") return metrics;
  throw new TypeError("Cannot use metrics.authenticate: it is not a function; give basicAuth({})");
}

/**
 * Serves the metrics on the HTTP server of the first XML-RPC distribution.
 *
 * @throws {TypeError} if there is no such distribution, or the path is invalid or has a servlet
 */
export function serveMetrics(
  { path = "/metrics", authenticate }: MetricsOptions,
  distributions: readonly DistributionProvider[],
  source: Omit<MetricsSource, "authenticate">,
): void {
  const distribution = distributions.find((one) => one instanceof XmlRpcDistribution);
  if (distribution === undefined) {
    throw new TypeError("Cannot serve metrics: no distribution has an HTTP server; add xmlRpc()");
  }
  const admit = authenticate ?? distribution.authenticate;
  distribution.http.register(path, createMetricsServlet({ ...source, authenticate: admit }));
}

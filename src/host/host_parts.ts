import { CallRouter } from "../calls/mod.ts";
import type { DiscoveryProvider } from "../discovery/mod.ts";
import type { DistributionProvider } from "../distribution/mod.ts";
import { XmlRpcDistribution } from "../distribution/xmlrpc/mod.ts";
import { Framework } from "../framework/mod.ts";
import type { HttpService } from "../http/mod.ts";
import { RemoteServiceAdmin, TopologyManager } from "../rsa/mod.ts";
import { CallTelemetry, type HostState } from "../telemetry/mod.ts";
import { createSafeLogger, SILENT, SYSTEM_CLOCK } from "../util/mod.ts";
import { findAdvertisers } from "./advertisers.ts";
import { mergeEndpoints } from "./known_endpoints.ts";
import { findFirstLocalAddress } from "./local_address.ts";
import { resolveMetrics, serveMetrics } from "./metrics_option.ts";
import { type RemoteServicesOptions, resolveProviders } from "./options.ts";

/** Parts of a host. */
export interface HostParts {
  readonly framework: Framework;
  readonly admin: RemoteServiceAdmin;
  readonly topologyManager: TopologyManager;
  readonly discoveries: readonly DiscoveryProvider[];
  readonly distributions: readonly DistributionProvider[];
  readonly router: CallRouter;
  readonly telemetry: CallTelemetry;
}

/**
 * Creates the parts of a host. Does no I/O.
 *
 * @throws {TypeError | RangeError} on invalid options
 */
export function createParts(options: RemoteServicesOptions): HostParts {
  const { discovery, distribution } = resolveProviders(options);
  const { timeoutMs = 30_000, clock = SYSTEM_CLOCK, interceptors = {} } = options;
  const logger = createSafeLogger(options.logger ?? SILENT);
  const framework = new Framework({ logger, clock });
  let discoveries: readonly DiscoveryProvider[] = [];
  const findLocalAddress = () => findFirstLocalAddress(discoveries);
  const context = { logger, clock, timeoutMs, findLocalAddress };
  const distributions = distribution.map((create) => create(context));
  const hosts = distributions.map(({ advertisedHost }) => advertisedHost);
  const hostIp = hosts.find((host) => host !== undefined);
  discoveries = discovery.map((create) => create({ logger, clock, hostIp }));
  const readHost = () => readState(admin, discoveries, distributions);
  const telemetry = createTelemetry(options, readHost, framework.uuid);
  const admin: RemoteServiceAdmin = new RemoteServiceAdmin({
    framework,
    exportProviders: distributions.flatMap(({ exports }) => exports ?? []),
    importProviders: distributions.flatMap(({ imports }) => imports ?? []),
    interceptors,
    asyncContext: options.asyncContext,
    instrument: telemetry,
    clock,
    logger,
  });
  const topologyManager = new TopologyManager({
    framework,
    admin,
    advertisers: findAdvertisers(discoveries),
    logger,
  });
  const metrics = resolveMetrics(options.metrics);
  if (metrics !== undefined) {
    const source = { statistics: telemetry.recordCalls(), readState: readHost };
    serveMetrics(metrics, distributions, source);
  }
  const router = createRouter(options, framework, telemetry);
  return { framework, admin, topologyManager, discoveries, distributions, router, telemetry };
}

function createRouter(
  { zone, timeoutMs = 30_000, clock = SYSTEM_CLOCK }: RemoteServicesOptions,
  { registry }: Framework,
  telemetry: CallTelemetry,
): CallRouter {
  return new CallRouter({
    registry,
    zone,
    timeoutMs,
    clock,
    onNoEndpoint: (call) => telemetry.recordUnattempted(call),
  });
}

function createTelemetry(
  { clock = SYSTEM_CLOCK, openTelemetry = true }: RemoteServicesOptions,
  readState: () => HostState,
  hostId: string,
): CallTelemetry {
  return new CallTelemetry({ clock, usesOpenTelemetry: openTelemetry, hostId, readState });
}

function readState(
  { exports, imports }: RemoteServiceAdmin,
  discoveries: readonly DiscoveryProvider[],
  distributions: readonly DistributionProvider[],
): HostState {
  const services = distributions.map((one) =>
    one instanceof XmlRpcDistribution ? one.http : undefined
  );
  return {
    discovered: mergeEndpoints(discoveries).length,
    exported: exports.length,
    imported: imports.length,
    healths: discoveries.map(({ health }) => health),
    refusals: sumRefusals(new Set(services)),
  };
}

/** Adds up the refusals of HTTP servers. */
function sumRefusals(services: Iterable<HttpService | undefined>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const service of services) {
    for (const [code, count] of service?.refusals ?? []) {
      sums.set(code, (sums.get(code) ?? 0) + count);
    }
  }
  return sums;
}

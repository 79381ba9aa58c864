import { EtcdClient, type EtcdConnector } from "../../etcd/mod.ts";
import { type Clock, SYSTEM_CLOCK } from "../../util/mod.ts";
import { EndpointEvents } from "../endpoint_events.ts";
import { EndpointView } from "../endpoint_view.ts";
import type { EndpointSource } from "../mod.ts";
import { type ConnectionFailure, ConnectionLoop } from "./connection_loop.ts";
import { ConnectionWorker } from "./connection_worker.ts";
import { HealthMonitor, IgnoredLog } from "./health/mod.ts";
import { createDecoder, Mirror } from "./mirror/mod.ts";
import {
  type Etcd3DiscoveryOptions,
  pickEtcdOptions,
  type ResolvedDiscoveryOptions,
  resolveDiscoveryOptions,
} from "./options/mod.ts";
import { Session } from "./session/mod.ts";

/** Parts of an `Etcd3Discovery` that a test can replace. */
export interface Etcd3DiscoveryParts {
  /** Source of connections. @default an {@link EtcdClient} made of the options */
  readonly connector?: EtcdConnector;
  /** Source of time and randomness. @default the clock of the machine */
  readonly clock?: Clock;
}

/** Parts that a discovery is made of. */
export interface DiscoveryParts {
  readonly options: ResolvedDiscoveryOptions;
  readonly client: EtcdClient;
  readonly connector: EtcdConnector;
  readonly clock: Clock;
  readonly health: HealthMonitor;
  readonly view: EndpointView<string>;
  readonly events: EndpointEvents;
  readonly session: Session;
  readonly connection: ConnectionLoop;
}

/**
 * Creates the parts of a discovery and connects them to each other. Nothing is started.
 *
 * @param source discovery that its events name
 * @throws {TypeError | RangeError} naming the option that is invalid, and what may be given
 */
export function createParts(
  source: EndpointSource,
  given: Etcd3DiscoveryOptions,
  { clock = SYSTEM_CLOCK, connector: replaced }: Etcd3DiscoveryParts,
): DiscoveryParts {
  const options = resolveDiscoveryOptions(given, () => clock.uuid());
  const client = new EtcdClient(pickEtcdOptions(given));
  const connector = replaced ?? client;
  const { logger, observe } = options;
  const ignored = new IgnoredLog(logger, clock);
  const getIgnored = () => ignored.items;
  const health = new HealthMonitor({ logger, clock, hasSession: !observe, getIgnored });
  const view = new EndpointView<string>({
    clock,
    decode: createDecoder(ignored),
    onForget: (key) => ignored.forget(key),
    onChange: (endpointId) => events.notify(endpointId),
  });
  const events = new EndpointEvents({
    source,
    endpoints: view.endpoints,
    logger,
    onDelivered: () => health.count("eventsDelivered"),
  });
  const findLocalAddress = () => client.localAddress;
  const session = new Session(options, { health, clock, findLocalAddress });
  const mirror = new Mirror({ options, health, clock, view, own: session });
  const worker = new ConnectionWorker({ options, health, clock, connector, session, mirror });
  const connection = new ConnectionLoop({
    connector,
    clock,
    serve: (link, signal) => worker.serve(link, signal),
    onFailure: (failure) => recordFailure(health, failure),
  });
  return { options, client, connector, clock, health, view, events, session, connection };
}

function recordFailure(
  health: HealthMonitor,
  { error, what, isDenied }: ConnectionFailure,
): void {
  health.incident(what, error);
  if (isDenied && error instanceof Error) health.set({ connection: { kind: "denied", error } });
}

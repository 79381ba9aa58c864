import { createRandom } from "../random.ts";
import {
  EndpointDescription,
  Etcd3Discovery,
  type RemoteServices,
  remoteServices,
} from "../../mod.ts";

const AREAS: readonly (readonly [area: string, services: readonly string[]])[] = [
  ["billing", ["InvoiceService", "TaxRates", "PaymentGateway"]],
  ["catalog", ["ProductSearch", "PriceList", "ImageStore"]],
  ["fleet", ["RoutePlanner", "VehicleTracker", "DriverRoster"]],
  ["identity", ["SessionStore", "UserDirectory", "AccessPolicy"]],
  ["sensors", ["TemperatureProbe", "AirQuality", "PressureGauge"]],
  ["warehouse", ["StockLevels", "PickingQueue", "LabelPrinter"]],
];
const ZONES = ["eu-west", "eu-north", "us-east"];

/** Creates endpoints as a registry of many processes has them; the same ones for a seed. */
export function createEndpoints(count: number, nowMs: number, seed = 7): EndpointDescription[] {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const services = AREAS.flatMap(([area, names]) =>
    names.map((name) => `org.acme.${area}.${name}`)
  );
  return Array.from({ length: count }, (_, index) => {
    const process = Math.floor(index / 6);
    const host = `10.20.${process % 7}.${10 + process % 90}`;
    const name = pick(services);
    return new EndpointDescription({
      id: createUuid(random),
      interfaces: [index < services.length * 40 ? name : `${name}${index % 41}`],
      configurationTypes: ["ecf.xmlrpc.server"],
      configsSupported: ["ecf.xmlrpc.server"],
      intentsSupported: ["osgi.basic", "osgi.async"],
      frameworkUuid: `${
        (process * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, "0")
      }-0000-4000-8000-000000000000`,
      serviceId: 20 + index % 6,
      remoteServiceId: 1 + index % 6,
      containerId: `http://${host}:${8181 + process % 4}/xml-rpc`,
      containerNamespace: "ecf.namespace.xmlrpc",
      timestampMs: Math.floor(nowMs - random() ** 3 * 9 * 86_400_000 - 60_000),
      extras: new Map<string, string | number>([
        ["osgi.clusterinfo.zone", pick(ZONES)],
        ["version", `${1 + index % 3}.${index % 10}.0`],
        ["service.ranking", index % 4],
        ["rs.methods", "find list update"],
      ]),
    });
  });
}

function createUuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join(
    "-",
  );
}

/** Advertises endpoints from a process of their own, as far as etcd knows. */
export async function advertiseAll(
  etcd: string,
  endpoints: readonly EndpointDescription[],
): Promise<Etcd3Discovery> {
  const discovery = new Etcd3Discovery({ endpoints: etcd });
  await discovery.start();
  await Promise.all(endpoints.map((endpoint) => discovery.advertise(endpoint)));
  return discovery;
}

/** Three services and the load on them, for as long as it is not closed. */
export interface LoadedServices extends AsyncDisposable {
  readonly hosts: readonly RemoteServices[];
}

interface Orders {
  place(id: number): string;
  cancel(id: number): string;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The three services: name, object, properties. */
const SERVICES: readonly (readonly [name: string, service: object, properties: object])[] = [
  ["org.acme.shop.Orders", {
    place: async (id: number) => (await pause(2 + id % 9), `order ${id} placed`),
    cancel: (id: number) => {
      if (id % 7 === 0) throw new Error(`order ${id} is already shipped`);
      return `order ${id} cancelled`;
    },
  }, { "osgi.clusterinfo.zone": "eu-west", version: "2.4.0" }],
  ["org.acme.shop.Prices", {
    quote: (id: number) => ({ id, amount: id * 1.25, currency: "EUR" }),
  }, {
    "osgi.clusterinfo.zone": "eu-west",
    version: "1.9.1",
    "database.url": "postgres://prices:hunter2@10.20.0.5/prices",
    "api.token": "b7d1c0ffee",
  }],
  ["org.acme.shop.Stock", { count: async () => (await pause(18), 42) }, { version: "3.0.0" }],
];

/** Starts three services, each in a host of its own, and calls them from a viewer. */
export async function startServices(etcd: string, viewer: RemoteServices): Promise<LoadedServices> {
  const hosts = await Promise.all(SERVICES.map(async ([name, service, properties]) => {
    const options = { etcd: { endpoints: etcd }, http: { port: 0 }, drainMs: 0 };
    const host = await remoteServices(options);
    await host.register(name, service, { ...properties });
    return host;
  }));
  const stop = new AbortController();
  const loads = await startLoads(viewer, stop.signal);
  return {
    hosts,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(loads);
      await Promise.all(hosts.map((host) => host.close({ drainTimeoutMs: 0 })));
    },
  };
}

async function startLoads(viewer: RemoteServices, signal: AbortSignal): Promise<Promise<void>[]> {
  const orders = await viewer.service<Orders>("org.acme.shop.Orders");
  const prices = await viewer.service<{ quote(id: number): object }>("org.acme.shop.Prices");
  const stock = await viewer.service<{ count(): number }>("org.acme.shop.Stock");
  const run = async (waitMs: number, call: (id: number) => Promise<unknown>) => {
    for (let id = 1; !signal.aborted; id++) {
      await call(id).catch(() => {}); // some of them fail on purpose
      await pause(waitMs * (1 + 0.6 * Math.sin(id / 9)));
    }
  };
  return [
    run(6, (id) => orders.place(id)),
    run(45, (id) => orders.cancel(id)),
    run(3, (id) => prices.quote(id)),
    run(20, () => stock.count()),
  ];
}

import assert from "node:assert/strict";
import type {
  DiscoveryProvider,
  EndpointEvent,
  EndpointEventListener,
} from "../../src/discovery/mod.ts";
import { EndpointDescription, type PropertyValue } from "../../src/endpoint/mod.ts";

/** Registers a test with a test runner: `Deno.test`, or `test` of `node:test` or `bun:test`. */
export type RegisterTest = (name: string, run: () => Promise<void>) => void;

/** A directory of the test's own, and discoveries that use it. */
export interface DiscoveryWorld extends AsyncDisposable {
  /** Creates a discovery that is not started. */
  create(options?: { readonly removalGraceMs?: number }): DiscoveryProvider;
  /** Makes the directory unreachable for all discoveries. */
  stopDirectory(): Promise<void>;
  /** Makes it reachable again, with its data. */
  startDirectory(): Promise<void>;
}

/** Longest time that anything here may take. */
const LIMIT_MS = 60_000;
let nextService = 1;

/**
 * The contract of discoveries as tests. Uses nothing but `node:assert`, so that it runs
 * on every runtime.
 *
 * @param name names the provider in the titles
 * @param open creates a directory that is empty and reachable
 */
export function testDiscoveryContract(
  name: string,
  test: RegisterTest,
  open: () => Promise<DiscoveryWorld>,
): void {
  for (const [claim, run] of CLAIMS) {
    test(`${name} ${claim}`, async () => {
      const world = await open();
      const discoveries: DiscoveryProvider[] = [];
      try {
        await run({
          world,
          create: (options) => {
            const discovery = world.create(options);
            discoveries.push(discovery);
            return discovery;
          },
          start: async (options) => {
            const discovery = world.create(options);
            discoveries.push(discovery);
            await discovery.start();
            return discovery;
          },
        });
      } finally {
        for (const discovery of discoveries) await discovery.close();
        await world[Symbol.asyncDispose]();
      }
    });
  }
}

/** Parts of a test of the contract; its discoveries are closed at the end. */
interface Stage {
  readonly world: DiscoveryWorld;
  create(options?: { readonly removalGraceMs?: number }): DiscoveryProvider;
  start(options?: { readonly removalGraceMs?: number }): Promise<DiscoveryProvider>;
}

const CLAIMS: readonly [claim: string, run: (stage: Stage) => Promise<void>][] = [
  ["resolves an advertisement, an update and a withdrawal once others see them", async (stage) => {
    const [exporter, consumer] = [await stage.start(), await stage.start()];
    const events = follow(consumer);
    const first = createEndpoint();
    await exporter.advertise(first);
    await exporter.advertised(first.id);
    await events.until("added", first);
    const second = createEndpoint({ id: first.id, timestampMs: 2 });
    await exporter.update(second);
    await events.until("modified", second);
    assert.equal(consumer.endpoints[0]?.timestampMs, 2);
    await exporter.unadvertise(first.id);
    await events.until("removed", second);
    assert.deepEqual(consumer.endpoints, []);
    assert.deepEqual(events.summary(), ["added 1", "modified 2", "removed 2"]);
  }],
  [
    "knows what was advertised before its start, and never reports its own endpoints",
    async (stage) => {
      const exporter = await stage.start();
      const first = createEndpoint();
      await exporter.advertise(first);
      const late = await stage.start();
      assert.deepEqual(ids(late.endpoints), [first.id]);
      const events = follow(late);
      await late.advertise(createEndpoint());
      const last = createEndpoint();
      await exporter.advertise(last);
      await events.until("added", last);
      assert.deepEqual(events.all.map(({ endpoint }) => endpoint.id), [first.id, last.id]);
    },
  ],
  ["advertises at its start what was advertised before", async (stage) => {
    const [exporter, consumer] = [stage.create(), await stage.start()];
    const events = follow(consumer);
    const endpoint = createEndpoint();
    const advertised = exporter.advertise(endpoint);
    await exporter.start();
    await advertised;
    await events.until("added", endpoint);
  }],
  ["carries the whole description", async (stage) => {
    const [exporter, consumer] = [await stage.start(), await stage.start()];
    const events = follow(consumer);
    const endpoint = createEndpoint({
      interfaces: ["org.example.IOne", "org.example.ITwo"],
      intents: ["osgi.basic"],
      extras: new Map<string, PropertyValue>([
        ["colour", 'rot & "grün"'],
        ["size", 9],
        ["isOpen", true],
        ["names", ["a", "b c"]],
        ["service.ranking", 7],
      ]),
    });
    await exporter.advertise(endpoint);
    assert.deepEqual((await events.until("added", endpoint)).endpoint, endpoint);
  }],
  ["withdraws everything at once and still reports the endpoints of others", async (stage) => {
    const [exporter, other, consumer] = [
      await stage.start(),
      await stage.start(),
      await stage.start(),
    ];
    const events = follow(consumer);
    const endpoints = Array.from({ length: 20 }, () => createEndpoint());
    await Promise.all(endpoints.map((endpoint) => exporter.advertise(endpoint)));
    await events.untilCount("added", 20);
    await exporter.unadvertiseAll();
    await events.untilCount("removed", 20);
    const later = createEndpoint();
    const exporterEvents = follow(exporter);
    await other.advertise(later);
    await exporterEvents.until("added", later);
    await exporter.advertise(endpoints[0] ?? later);
    await events.untilCount("added", 22);
  }],
  ["delivers one event at a time, and the net change to a slow listener", async (stage) => {
    const [exporter, consumer] = [await stage.start(), await stage.start()];
    const slow = new EventLog();
    const gate = Promise.withResolvers<void>();
    let running = 0;
    consumer.addListener({
      async endpointChanged(event) {
        assert.equal(++running, 1);
        slow.endpointChanged(event);
        await gate.promise;
        running--;
      },
    });
    const prompt = follow(consumer);
    const [blocker, brief, kept] = [createEndpoint(), createEndpoint(), createEndpoint()];
    await exporter.advertise(blocker);
    await slow.until("added", blocker);
    await exporter.advertise(brief);
    await exporter.unadvertise(brief.id);
    await exporter.advertise(kept);
    const changed = createEndpoint({ id: kept.id, timestampMs: 2 });
    await exporter.update(changed);
    await prompt.until("modified", changed);
    gate.resolve();
    await slow.until("added", changed);
    assert.deepEqual(ids(slow.all.map(({ endpoint }) => endpoint)), ids([blocker, kept]));
  }],
  ["isolates listeners that throw or reject", async (stage) => {
    const [exporter, consumer] = [await stage.start(), await stage.start()];
    consumer.addListener({
      endpointChanged() {
        throw new Error("a listener that throws");
      },
    });
    consumer.addListener({
      endpointChanged: () => Promise.reject(new Error("a listener that rejects")),
    });
    const events = follow(consumer);
    for (const endpoint of [createEndpoint(), createEndpoint()]) {
      await exporter.advertise(endpoint);
      await events.until("added", endpoint);
    }
  }],
  [
    "reports to a listener with a scope what enters and leaves it, with filter and source",
    async (stage) => {
      const [exporter, consumer] = [await stage.start(), await stage.start()];
      const all = follow(consumer);
      const red = follow(consumer, ["(colour=red)"]);
      const id = createEndpoint().id;
      const paint = async (colour: string, timestampMs: number) => {
        const endpoint = createEndpoint({ id, timestampMs, extras: new Map([["colour", colour]]) });
        await exporter.advertise(endpoint);
        await all.until(timestampMs === 1 ? "added" : "modified", endpoint);
      };
      await paint("blue", 1);
      await paint("red", 2);
      await paint("green", 3);
      await red.untilCount("modified-endmatch", 1);
      assert.deepEqual(red.summary(), ["added 2", "modified-endmatch 3"]);
      for (const { matchedFilter, source } of red.all) {
        assert.equal(matchedFilter, "(colour=red)");
        assert.equal(source, consumer);
      }
      assert.equal(all.all[0]?.matchedFilter, undefined);
      assert.throws(() => consumer.addListener({ scope: "colour", endpointChanged() {} }));
    },
  ],
  ["notifies a closed subscription no more", async (stage) => {
    const [exporter, consumer] = [await stage.start(), await stage.start()];
    const stopped = new EventLog();
    const subscription = consumer.addListener(stopped);
    const events = follow(consumer);
    const first = createEndpoint();
    await exporter.advertise(first);
    await Promise.all([events.until("added", first), stopped.until("added", first)]);
    subscription.close();
    const second = createEndpoint();
    await exporter.advertise(second);
    await events.until("added", second);
    assert.equal(stopped.all.length, 1);
  }],
  ["keeps an endpoint that two processes advertise until the last withdraws it", async (stage) => {
    const [one, two, consumer] = [await stage.start(), await stage.start(), await stage.start()];
    const events = follow(consumer);
    const older = createEndpoint();
    const newer = createEndpoint({ id: older.id, timestampMs: 2 });
    await one.advertise(older);
    await events.until("added", older);
    await two.advertise(newer);
    await events.until("modified", newer);
    await one.unadvertise(older.id);
    const marker = createEndpoint();
    await one.advertise(marker);
    await events.until("added", marker);
    assert.deepEqual(ids(consumer.endpoints), ids([newer, marker]));
    await two.unadvertise(newer.id);
    await events.until("removed", newer);
  }],
  [
    "withdraws its endpoints when it is closed, rejects later calls, and may be closed twice",
    async (stage) => {
      const [exporter, consumer] = [await stage.start(), await stage.start()];
      const events = follow(consumer);
      const endpoint = createEndpoint();
      await exporter.advertise(endpoint);
      await events.until("added", endpoint);
      await Promise.all([exporter.close(), exporter.close()]);
      await events.until("removed", endpoint);
      await assert.rejects(exporter.advertise(endpoint), { code: "closed" });
      await assert.rejects(exporter.unadvertise(endpoint.id), { code: "closed" });
      await assert.rejects(exporter.advertised(endpoint.id), { code: "closed" });
      await assert.rejects(exporter.start(), { code: "closed" });
      assert.equal(exporter.health.state, "closed");
    },
  ],
  ["starts with an aborted signal: throws its reason and is closed", async (stage) => {
    const discovery = stage.create();
    const reason = new Error("no longer wanted");
    await assert.rejects(discovery.start(AbortSignal.abort(reason)), reason);
    assert.equal(discovery.health.state, "closed");
  }],
  ["reports its health from connecting to closed, and as JSON", async (stage) => {
    const discovery = stage.create();
    const states = new Set<string>();
    const followed = (async () => {
      for await (const { state } of discovery.healthChanges()) states.add(state);
    })();
    assert.equal(discovery.health.state, "connecting");
    assert.equal(discovery.health.lastSync, undefined);
    await discovery.start();
    const { health } = discovery;
    assert.equal(health.provider, discovery.name);
    assert.equal(health.state, "synced");
    assert.ok(health.lastSync instanceof Date);
    assert.equal(JSON.parse(JSON.stringify(health)).state, "synced");
    await untilState(discovery, "synced");
    await discovery.close();
    await followed;
    assert.deepEqual([...states].filter((state) => state !== "stale"), [
      "connecting",
      "synced",
      "closed",
    ]);
  }],
  [
    "keeps what is known while the directory is away, and catches up when it is back",
    async (stage) => {
      const [exporter, consumer] = [await stage.start(), await stage.start()];
      const events = follow(consumer);
      const [kept, withdrawn, added] = [createEndpoint(), createEndpoint(), createEndpoint()];
      for (const endpoint of [kept, withdrawn]) {
        await exporter.advertise(endpoint);
        await events.until("added", endpoint);
      }
      await stage.world.stopDirectory();
      await untilState(consumer, "stale");
      const work = [exporter.unadvertise(withdrawn.id), exporter.advertise(added)];
      assert.deepEqual(ids(consumer.endpoints), ids([kept, withdrawn]));
      await stage.world.startDirectory();
      await Promise.all(work);
      await exporter.advertised(added.id);
      await Promise.all([untilState(exporter, "synced"), untilState(consumer, "synced")]);
      await Promise.all([events.until("added", added), events.until("removed", withdrawn)]);
      assert.equal(events.all.length, 4);
      assert.deepEqual(ids(consumer.endpoints), ids([kept, added]));
    },
  ],
  ["rejects what waits for the directory when it is closed", async (stage) => {
    const exporter = await stage.start();
    await stage.world.stopDirectory();
    await untilState(exporter, "stale");
    const rejected = [
      assert.rejects(exporter.advertise(createEndpoint()), { code: "closed" }),
      assert.rejects(
        exporter.unadvertise("unknown").then(() => exporter.advertise(createEndpoint())),
        {
          code: "closed",
        },
      ),
    ];
    await exporter.close();
    await Promise.all(rejected);
  }],
];

function createEndpoint(
  init: {
    id?: string;
    timestampMs?: number;
    interfaces?: string[];
    intents?: string[];
    extras?: ReadonlyMap<string, PropertyValue>;
  } = {},
): EndpointDescription {
  const serviceId = nextService++;
  return new EndpointDescription({
    id: `endpoint-${serviceId}`,
    interfaces: ["org.example.IAny"],
    serviceId,
    frameworkUuid: "af44bf2e-aeac-45f6-b5f5-5bbe6db0956c",
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId: "http://127.0.0.1:8181/xml-rpc",
    containerNamespace: "ecf.namespace.xmlrpc",
    remoteServiceId: serviceId,
    timestampMs: 1,
    ...init,
  });
}

function ids(endpoints: Iterable<EndpointDescription>): string[] {
  return [...new Set([...endpoints].map(({ id }) => id))].sort();
}

/** A listener that records events and lets a test wait for them. */
class EventLog implements EndpointEventListener {
  readonly all: EndpointEvent[] = [];
  readonly #waiting = new Set<() => void>();

  endpointChanged(event: EndpointEvent): void {
    this.all.push(event);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  summary(): string[] {
    return this.all.map(({ type, endpoint }) => `${type} ${endpoint.timestampMs}`);
  }

  /** Waits for an event of a kind for an endpoint with the same id and timestamp. */
  until(type: EndpointEvent["type"], { id, timestampMs }: EndpointDescription) {
    const isIt = (event: EndpointEvent) =>
      event.type === type && event.endpoint.id === id && event.endpoint.timestampMs === timestampMs;
    return this.#until(`${type} of ${id}`, () => this.all.find(isIt));
  }

  untilCount(type: EndpointEvent["type"], count: number) {
    const find = () => this.all.filter((event) => event.type === type)[count - 1];
    return this.#until(`${count} times ${type}`, find);
  }

  async #until(what: string, find: () => EndpointEvent | undefined): Promise<EndpointEvent> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} did not come`)), LIMIT_MS);
    });
    try {
      for (let found = find();; found = find()) {
        if (found !== undefined) return found;
        await Promise.race([late, new Promise<void>((resolve) => this.#waiting.add(resolve))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function follow(discovery: DiscoveryProvider, scope?: string[]): EventLog {
  const log = new EventLog();
  const endpointChanged = (event: EndpointEvent) => log.endpointChanged(event);
  discovery.addListener(scope === undefined ? log : { scope, endpointChanged });
  return log;
}

async function untilState(discovery: DiscoveryProvider, wanted: string): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LIMIT_MS);
  try {
    for await (const { state } of discovery.healthChanges(late.signal)) {
      if (state === wanted) return;
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`${discovery.name} is ${discovery.health.state}, not ${wanted}`);
}

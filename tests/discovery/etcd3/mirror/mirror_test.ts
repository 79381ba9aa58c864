import assert from "node:assert/strict";
import { decodeEndpoint, encodeEndpoint } from "../../../../mod.ts";
import { HealthMonitor } from "../../../../src/discovery/etcd3/health/health_monitor.ts";
import { Mirror } from "../../../../src/discovery/etcd3/mirror/mirror.ts";
import { resolveDiscoveryOptions } from "../../../../src/discovery/etcd3/options/resolved_options.ts";
import { EndpointView } from "../../../../src/discovery/endpoint_view.ts";
import {
  EtcdError,
  type EtcdLink,
  type KeyValue,
  type ReplyHeader,
  type WatchBatch,
  type WatchEvent,
  type WatchStream,
} from "../../../../src/etcd/mod.ts";
import { anEndpoint } from "../../../support/endpoints.ts";
import { LogRecorder } from "../../../support/events.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

// A fake etcd, for what old servers do and a real one can't be made to do: events reported
// twice, in a wrong order, and answers about progress that run ahead.

const SESSION = crypto.randomUUID();
const encoder = new TextEncoder();
const options = resolveDiscoveryOptions({ topKey: "top" });

function header(revision: bigint): ReplyHeader {
  return { clusterId: 1n, memberId: 1n, revision, raftTerm: 1n };
}

function kv(id: string, timestampMs: number, modRevision: bigint): KeyValue {
  const json = encodeEndpoint(anEndpoint({ id, timestampMs }), { sessionId: SESSION, hostIp: "h" });
  const key = encoder.encode(`top/${SESSION}/${id}`);
  const counts = { modRevision, createRevision: 1n, version: 1n, lease: 1n };
  return { key, value: encoder.encode(json), ...counts };
}

const put = (id: string, timestampMs: number, revision: bigint): WatchEvent => ({
  type: "put",
  kv: kv(id, timestampMs, revision),
  prevKv: undefined,
});
const deletion = (id: string, revision: bigint): WatchEvent => ({
  type: "delete",
  kv: { ...kv(id, 0, revision), value: new Uint8Array() },
  prevKv: undefined,
});

/**
 * A link whose listings and watches are given; the last watch breaks the connection. The history
 * has the changes that were applied before.
 */
function createLink(
  listings: [bigint, KeyValue[]][],
  watches: WatchBatch[][],
  history: KeyValue[] = [],
) {
  const started: bigint[] = [];
  const createStream = (batches: WatchBatch[]) => ({
    create: (_: string, { startRevision = 0n }: { startRevision?: bigint }) => {
      started.push(startRevision);
      return Promise.resolve(header(1000n));
    },
    cancel() {},
    requestProgress() {},
    async *[Symbol.asyncIterator]() {
      yield* batches;
      throw new EtcdError("unavailable", "the end of the test");
    },
  });
  const link = {
    kv: {
      range: (_: string, { revision: at }: { revision?: bigint }) => {
        const [revision, kvs] = at === undefined
          ? listings.shift() ?? assert.fail("one listing too many")
          : [1000n, history.filter(({ modRevision }) => modRevision === at)];
        return Promise.resolve({
          header: header(revision),
          kvs,
          more: false,
          count: BigInt(kvs.length),
        });
      },
    },
    watch: { open: () => Promise.resolve(createStream(watches.shift() ?? [])) },
  };
  return {
    link: link as unknown as EtcdLink,
    first: createStream(watches.shift() ?? []) as unknown as WatchStream,
    started,
  };
}

function createMirror(settings = options) {
  const clock = new VirtualClock();
  const reported: string[] = [];
  const view = new EndpointView<string>({
    clock,
    decode: ({ content }) => decodeEndpoint(content),
    onChange: (id) => reported.push(`${id} ${view.endpoints.get(id)?.timestampMs ?? "gone"}`),
  });
  const own = { observe() {}, observeListing() {} };
  const ignored = { keys: 0, properties: 0, exampleKey: undefined, exampleProperty: undefined };
  const getIgnored = () => ignored;
  const health = new HealthMonitor({
    logger: new LogRecorder(),
    clock,
    hasSession: true,
    getIgnored,
  });
  const mirror = new Mirror({ options: settings, view, own, health, clock });
  return { mirror, view, reported, clock };
}

const { signal } = new AbortController();

Deno.test("Mirror ignores events that are repeated or late", async () => {
  const { mirror, reported } = createMirror();
  const { link, first } = createLink([[10n, [kv("a", 1, 9n)]]], [[
    { header: header(12n), events: [put("a", 2, 11n), put("b", 1, 12n)] },
    { header: header(12n), events: [put("a", 1, 9n), put("a", 2, 11n), put("b", 1, 12n)] },
    { header: header(14n), events: [deletion("b", 13n), deletion("b", 13n), put("a", 3, 14n)] },
    { header: header(14n), events: [put("b", 1, 12n), deletion("a", 10n)] },
  ]]);
  await assert.rejects(mirror.run(link, first, signal), { code: "unavailable" });
  assert.deepEqual(reported, ["a 1", "a 2", "b 1", "b gone", "a 3"]);
});

Deno.test("Mirror resumes after the last event it applied, not after a progress report", async () => {
  const { mirror, reported } = createMirror();
  const one = createLink([[10n, []]], [[
    { header: header(500n), events: [put("a", 1, 11n), put("b", 1, 11n)] },
    { header: header(900n), events: [] },
  ]]);
  await assert.rejects(mirror.run(one.link, one.first, signal));
  const watch = [{ header: header(1000n), events: [put("c", 1, 12n)] }];
  const two = createLink([], [watch], [kv("b", 1, 11n)]);
  await assert.rejects(mirror.run(two.link, two.first, signal));
  assert.deepEqual([...one.started, ...two.started], [11n, 12n]);
  assert.deepEqual(reported, ["a 1", "b 1", "c 1"]);
});

Deno.test("Mirror repairs a wrong view by a listing", async () => {
  const { mirror, view, reported } = createMirror();
  const one = createLink([[10n, [kv("a", 1, 5n), kv("b", 1, 6n)]]], [[]]);
  await assert.rejects(mirror.run(one.link, one.first, signal));
  view.delete(`top/${SESSION}/a`, 0); // on purpose: now the view is wrong
  view.put({
    key: `top/${SESSION}/x`,
    endpointId: "x",
    content: new TextDecoder().decode(kv("x", 1, 7n).value),
  });
  reported.length = 0;
  mirror.invalidate();
  const kvs = [kv("a", 1, 5n), kv("b", 1, 6n)];
  const two = createLink([[10n, kvs]], [[]], kvs);
  await assert.rejects(mirror.run(two.link, two.first, signal));
  assert.deepEqual(reported, ["a 1"]);
  assert.deepEqual(
    [...view.endpoints.keys()].sort(),
    ["a", "b", "x"],
    "x stays for its time of grace",
  );
  view.hold();
  view.release(0);
  assert.deepEqual([...view.endpoints.keys()].sort(), ["a", "b"]);
});

Deno.test("Mirror gives up a watch that does not answer", async () => {
  const impatient = resolveDiscoveryOptions({
    topKey: "top",
    progressIntervalMs: 100,
    progressTimeoutMs: 50,
  });
  const { mirror, clock } = createMirror(impatient);
  const { link } = createLink([[10n, []]], []);
  const silence = Promise.withResolvers<void>();
  let asked = 0;
  const mute = {
    create: () => Promise.resolve(header(10n)),
    requestProgress: () => asked++,
    cancel: () => silence.resolve(),
    // deno-lint-ignore require-yield
    async *[Symbol.asyncIterator]() {
      await silence.promise;
    },
  };
  const given = assert.rejects(mirror.run(link, mute as unknown as WatchStream, signal), {
    code: "timeout",
    message: "The watch of top/ is silent for 50 ms",
  });
  await clock.advance(200);
  await given;
  assert.equal(asked, 1);
});

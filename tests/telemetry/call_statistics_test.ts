import assert from "node:assert/strict";
import {
  CallStatistics,
  inProcess,
  type Interceptor,
  memory,
  type MethodStatistics,
  RemoteCallError,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  withOptions,
} from "../../mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

interface Calculator {
  add(a: number, b: number): number;
  fail(): never;
  hang(): Promise<never>;
}

const NAME = "com.example.Calculator";

const calculator = {
  add: (a: number, b: number) => a + b,
  fail: (): never => {
    throw new RemoteFault(7, "failed");
  },
  hang: () => new Promise<never>(() => {}),
};

/** Returns counts as `direction interface/method calls code=count ...`. */
function format(statistics: readonly MethodStatistics[]): string[] {
  return statistics.map(({ direction, interfaceName, method, calls, errors }) =>
    [
      `${direction} ${interfaceName}/${method} ${calls}`,
      ...[...errors].map(([code, count]) => `${code}=${count}`),
    ].join(" ")
  ).sort();
}

/** Starts an exporter of the calculator and a consumer over XML-RPC. */
async function startPair(
  { server, maxServiceCalls, clock }: {
    readonly server?: readonly Interceptor[];
    readonly maxServiceCalls?: number;
    readonly clock?: VirtualClock;
  } = {},
): Promise<
  AsyncDisposable & { readonly exporter: RemoteServices; readonly consumer: RemoteServices }
> {
  const discovery = [memory()];
  const exporter = await remoteServices({
    discovery,
    http: { port: 0, ...(maxServiceCalls === undefined ? {} : { maxServiceCalls }) },
    interceptors: { server: server ?? [] },
    drainMs: 0,
    ...(clock === undefined ? {} : { clock, timeoutMs: 300 }),
  });
  await exporter.register(NAME, calculator);
  const consumer = await remoteServices({ discovery, drainMs: 0 });
  return {
    exporter,
    consumer,
    [Symbol.asyncDispose]: async () => {
      await consumer.close({ drainTimeoutMs: 0 });
      await exporter.close({ drainTimeoutMs: 0 });
    },
  };
}

Deno.test("CallStatistics count calls and errors of both sides by method", async () => {
  await using pair = await startPair();
  const outgoing = pair.consumer.recordCalls();
  const incoming = pair.exporter.recordCalls();
  const service = await pair.consumer.service<Calculator>(NAME);
  assert.equal(await service.add(1, 2), 3);
  assert.equal(await service.add(3, 4), 7);
  await assert.rejects(service.fail(), { code: "fault" });
  assert.deepEqual(format(outgoing.snapshot()), [
    `outgoing ${NAME}/add 2`,
    `outgoing ${NAME}/fail 1 fault=1`,
  ]);
  assert.deepEqual(format(incoming.snapshot()), [
    `incoming ${NAME}/add 2`,
    `incoming ${NAME}/fail 1 fault=1`,
  ]);
  for (const { latencies } of [...outgoing.snapshot(), ...incoming.snapshot()]) {
    assert.ok(latencies.sumMs > 0 && latencies.sumMs < 10_000);
  }
});

Deno.test("CallStatistics record from the first recordCalls on, and are the same each time", async () => {
  await using pair = await startPair();
  const service = await pair.consumer.service<Calculator>(NAME);
  await service.add(1, 2);
  const statistics = pair.consumer.recordCalls();
  assert.deepEqual(statistics.snapshot(), []);
  await service.add(1, 2);
  assert.equal(pair.consumer.recordCalls(), statistics);
  assert.deepEqual(format(statistics.snapshot()), [`outgoing ${NAME}/add 1`]);
});

Deno.test("CallStatistics count refusals of interceptors, limits and time-outs of the server", async () => {
  const deny: Interceptor = (next) => (call) => {
    if (call.method !== "fail") return next(call);
    throw new RemoteCallError("denied", "not for you");
  };
  const clock = new VirtualClock();
  await using pair = await startPair({ server: [deny], maxServiceCalls: 1, clock });
  const incoming = pair.exporter.recordCalls();
  const service = await pair.consumer.service<Calculator>(NAME);
  await assert.rejects(service.fail(), { code: "denied" });
  const hanging = assert.rejects(service.hang(), { code: "timeout" });
  const [pinned] = pair.consumer.services<Calculator>(NAME);
  let isRefused = false;
  for (let call = 0; call < 10_000 && !isRefused; call++) { // until the hanging call has the place
    isRefused = await pinned?.add(1, 2).then(() => false, () => true) ?? true;
  }
  await clock.advance(300);
  await hanging;
  const counts = format(incoming.snapshot()).join("\n");
  assert.match(counts, /Calculator\/fail 1 denied=1/);
  assert.match(counts, /Calculator\/hang 1 timeout=1/);
  assert.match(counts, /Calculator\/add \d+ overloaded=\d+/);
});

Deno.test("CallStatistics count a call that its caller ends as aborted", async () => {
  await using pair = await startPair();
  const outgoing = pair.consumer.recordCalls();
  const incoming = pair.exporter.recordCalls();
  const service = await pair.consumer.service<Calculator>(NAME);
  const stop = new AbortController();
  const call = withOptions(service, { signal: stop.signal }).hang();
  stop.abort(new Error("not needed"));
  await assert.rejects(call, { message: "not needed" });
  assert.deepEqual(format(outgoing.snapshot()), [`outgoing ${NAME}/hang 1 aborted=1`]);
  assert.deepEqual(format(incoming.snapshot()), []);
});

Deno.test("CallStatistics count a call for which no endpoint is known as endpoint-gone", async () => {
  await using pair = await startPair();
  const outgoing = pair.consumer.recordCalls();
  const service = await pair.consumer.service<Calculator>(NAME, { reconnectWaitMs: 20 });
  await pair.exporter.close({ drainTimeoutMs: 0 });
  await assert.rejects(service.add(1, 2), { code: "endpoint-gone" });
  assert.deepEqual(format(outgoing.snapshot()), [`outgoing ${NAME}/add 1 endpoint-gone=1`]);
  const [{ latencies } = assert.fail()] = outgoing.snapshot();
  assert.ok(latencies.sumMs >= 15);
});

Deno.test("CallStatistics name methods that the service does not have _OTHER", async () => {
  await using pair = await startPair();
  const incoming = pair.exporter.recordCalls();
  const [endpoint] = pair.consumer.endpoints;
  for (let number = 0; number < 50; number++) {
    const body = `<?xml version="1.0"?><methodCall><methodName>${endpoint?.remoteServiceId}.` +
      `evil${number}</methodName><params/></methodCall>`;
    const headers = { "content-type": "text/xml" };
    await pair.exporter.http?.handle(
      new Request(`${pair.exporter.http.url}/xml-rpc`, { method: "POST", headers, body }),
    );
  }
  assert.deepEqual(format(incoming.snapshot()), [`incoming ${NAME}/_OTHER 50 no-such-method=50`]);
});

Deno.test("CallStatistics of in-process calls are those of the same names", async () => {
  const providers = { discovery: [memory()], distribution: [inProcess()], drainMs: 0 };
  await using exporter = await remoteServices(providers);
  await using consumer = await remoteServices(providers);
  await exporter.register(NAME, calculator);
  const incoming = exporter.recordCalls();
  const service = await consumer.service<Calculator>(NAME);
  assert.equal(await service.add(1, 2), 3);
  await assert.rejects(service.fail(), { code: "fault" });
  assert.deepEqual(format(incoming.snapshot()), [
    `incoming ${NAME}/add 1`,
    `incoming ${NAME}/fail 1 fault=1`,
  ]);
});

Deno.test("CallStatistics stop growing at their limits", () => {
  const statistics = new CallStatistics({ maxMethods: 8, maxMethodsPerInterface: 4 });
  const outcome = { isKnownMethod: true, latencyMs: 1, error: undefined };
  for (const direction of ["incoming", "outgoing"] as const) {
    for (let number = 0; number < 1000; number++) {
      for (const interfaceName of ["a", "b", "_OTHER", `${number}`]) {
        statistics.record({ direction, interfaceName, method: `m${number}` }, outcome);
      }
    }
  }
  const snapshot = statistics.snapshot();
  assert.ok(snapshot.length <= 8 + 2, `${snapshot.length} methods`);
  assert.equal(snapshot.reduce((sum, { calls }) => sum + calls, 0), 8000);
});

import assert from "node:assert/strict";
import { context, SpanKind, SpanStatusCode, type TextMapSetter, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import {
  currentCall,
  type DiscoveryFactory,
  inProcess,
  type Interceptor,
  memory,
  type RemoteCall,
  RemoteCallError,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../mod.ts";
import { OpenTelemetrySdk } from "../support/open_telemetry.ts";

interface Chain {
  forward(text: string): string;
  back(text: string): string;
  fail(): never;
}

const FRONT = "com.example.Front";
const BACK = "com.example.Back";

/** Three hosts: one calls the front, which calls the back. */
class Hosts implements AsyncDisposable {
  readonly #hosts: RemoteServices[] = [];
  readonly #discovery = [memory()];

  async start(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
    const host = await remoteServices({ discovery: this.#discovery, drainMs: 0, ...options });
    this.#hosts.push(host);
    return host;
  }

  async startChain(): Promise<{ readonly front: RemoteServices; readonly caller: RemoteServices }> {
    const back = await this.start({ http: { port: 0 } });
    await back.register(BACK, {
      back: (text: string) => `${text}!`,
      fail: () => {
        throw new RemoteFault(42, "sold out");
      },
    });
    const front = await this.start({ http: { port: 0 } });
    const service = await front.service<Chain>(BACK);
    await front.register(FRONT, { forward: async (text: string) => await service.back(text) });
    return { front, caller: await this.start() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts.reverse()) await host.close({ drainTimeoutMs: 0 });
  }
}

/** Returns spans as `kind name < parent`. */
function format(spans: readonly ReadableSpan[]): string[] {
  const toText = ({ kind, name }: ReadableSpan) => `${SpanKind[kind]} ${name}`;
  return spans.map((span) => {
    const parent = spans.find((one) => {
      return one.spanContext().spanId === span.parentSpanContext?.spanId;
    });
    return `${toText(span)} < ${parent === undefined ? "nothing" : toText(parent)}`;
  }).sort();
}

Deno.test("A trace goes through two hops, from span to span, as one", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { caller } = await hosts.startChain();
  const service = await caller.service<Chain>(FRONT);
  await trace.getTracer("test").startActiveSpan("work", async (span) => {
    assert.equal(await service.forward("hello"), "hello!");
    span.end();
  });
  assert.deepEqual(format(sdk.spans), [
    `CLIENT ${BACK}/back < SERVER ${FRONT}/forward`,
    `CLIENT ${FRONT}/forward < INTERNAL work`,
    "INTERNAL work < nothing",
    `SERVER ${BACK}/back < CLIENT ${BACK}/back`,
    `SERVER ${FRONT}/forward < CLIENT ${FRONT}/forward`,
  ]);
  assert.equal(new Set(sdk.spans.map((span) => span.spanContext().traceId)).size, 1);
});

Deno.test("Spans have the attributes of the semantic conventions", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { front, caller } = await hosts.startChain();
  const service = await caller.service<Chain>(FRONT);
  await service.forward("hello");
  const port = Number(new URL(front.http?.url ?? "").port);
  for (const span of sdk.spans.filter(({ name }) => name === `${FRONT}/forward`)) {
    const { "rsa.endpoint.id": id, ...attributes } = span.attributes;
    assert.equal(id, front.admin.exports[0]?.endpoint.id);
    assert.deepEqual(attributes, {
      "rpc.system.name": "xmlrpc",
      "rpc.method": `${FRONT}/forward`,
      "server.address": "127.0.0.1",
      "server.port": port,
    });
    assert.equal(span.status.code, SpanStatusCode.UNSET);
    assert.equal(span.instrumentationScope.name, "@remote-services/etcd3");
  }
});

Deno.test("A fault marks the spans of both sides as errors, with its code", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { caller } = await hosts.startChain();
  const service = await caller.service<Chain>(BACK);
  await assert.rejects(service.fail(), { code: "fault" });
  const spans = sdk.spans.filter(({ name }) => name === `${BACK}/fail`);
  assert.equal(spans.length, 2);
  for (const { attributes, status } of spans) {
    assert.equal(attributes["error.type"], "fault");
    assert.equal(attributes["rpc.response.status_code"], "42");
    assert.deepEqual(status, { code: SpanStatusCode.ERROR, message: "sold out" });
  }
});

Deno.test("Each attempt of a call is a span; a refusal has the code of its error", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  let refusals = 1;
  const refuse: Interceptor = (next) => (call) => {
    if (refusals-- <= 0) return next(call);
    throw new RemoteCallError("overloaded", "try http://user:secret@elsewhere");
  };
  for (let number = 0; number < 2; number++) {
    const host = await hosts.start({ http: { port: 0 }, interceptors: { server: [refuse] } });
    await host.register(BACK, { back: (text: string) => text });
  }
  const service = await (await hosts.start()).service<Chain>(BACK);
  assert.equal(await service.back("hello"), "hello");
  const clients = sdk.spans.filter(({ kind }) => kind === SpanKind.CLIENT);
  assert.deepEqual(
    clients.map(({ attributes }) => [attributes["error.type"], attributes["rsa.attempt"]]),
    [["overloaded", undefined], [undefined, 2]],
  );
  assert.ok(!JSON.stringify(sdk.spans.map(({ status }) => status)).includes("secret"));
});

Deno.test("The trace of a caller's HTTP server span is continued below that span", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { caller, front } = await hosts.startChain();
  const { remoteServiceId } = caller.endpoints.find(({ interfaces }) => interfaces[0] === FRONT) ??
    {};
  const tracer = trace.getTracer("http");
  const remote = tracer.startSpan("remote");
  const { traceId, spanId } = remote.spanContext();
  const http = trace.setSpan(
    context.active(),
    tracer.startSpan("http", {}, trace.setSpan(context.active(), remote)),
  );
  const unrelated = trace.setSpan(context.active(), tracer.startSpan("unrelated"));
  const call = () =>
    front.http?.handle(
      new Request(`${front.http.url}/xml-rpc`, {
        method: "POST",
        headers: { "content-type": "text/xml", traceparent: `00-${traceId}-${spanId}-01` },
        body: `<methodCall><methodName>${remoteServiceId}.forward</methodName><params><param>` +
          `<value>x</value></param></params></methodCall>`,
      }),
    );
  await context.with(http, async () => await (await call())?.text());
  await context.with(unrelated, async () => await (await call())?.text());
  const parents = sdk.spans.filter(({ name, kind }) =>
    kind === SpanKind.SERVER && name === `${FRONT}/forward`
  ).map(({ parentSpanContext }) => parentSpanContext?.spanId);
  assert.deepEqual(parents, [trace.getSpanContext(http)?.spanId, spanId]);
});

Deno.test("A method that the service does not have names no span", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { caller, front } = await hosts.startChain();
  const { remoteServiceId } = caller.endpoints.find(({ interfaces }) => interfaces[0] === FRONT) ??
    {};
  await front.http?.handle(
    new Request(`${front.http.url}/xml-rpc`, {
      method: "POST",
      headers: { "content-type": "text/xml" },
      body: `<methodCall><methodName>${remoteServiceId}.evil</methodName></methodCall>`,
    }),
  );
  const [span] = sdk.spans;
  assert.equal(span?.name, "xmlrpc");
  assert.equal(span?.attributes["rpc.method"], "_OTHER");
  assert.equal(span?.attributes["rpc.method_original"], `${FRONT}/evil`);
  assert.equal(span?.attributes["error.type"], "no-such-method");
  assert.deepEqual(await sdk.readMetric("rpc.server.call.duration"), [
    "rpc.system.name=xmlrpc rpc.method=_OTHER error.type=no-such-method: 1",
  ]);
});

Deno.test("The metrics of calls and of the host are those of the semantic conventions", async () => {
  await using sdk = new OpenTelemetrySdk();
  const hosts = new Hosts();
  {
    await using _hosts = hosts;
    const { caller } = await hosts.startChain();
    const service = await caller.service<Chain>(FRONT);
    await service.forward("hello");
    const method = (name: string) => `rpc.system.name=xmlrpc rpc.method=${name}: 1`;
    for (const name of ["rpc.client.call.duration", "rpc.server.call.duration"]) {
      assert.deepEqual(
        (await sdk.readMetric(name)).sort(),
        [method(`${BACK}/back`), method(`${FRONT}/forward`)],
      );
      assert.equal((await sdk.readBounds(name)).join(), DURATION_BOUNDS);
    }
    const { uuid } = caller.framework;
    const own = (values: string[]) =>
      values.filter((value) => value.includes(uuid))
        .map((value) => value.replace(` rsa.framework.uuid=${uuid}`, ""));
    assert.deepEqual(own(await sdk.readMetric("rsa.endpoints")), [
      "rsa.endpoint.kind=discovered: 2",
      "rsa.endpoint.kind=exported: 0",
      "rsa.endpoint.kind=imported: 2",
    ]);
    const states = own(await sdk.readMetric("rsa.health.state"));
    assert.equal(states.length, 6);
    assert.deepEqual(
      states.filter((state) => state.endsWith("1")),
      ["rsa.discovery=memory rsa.health.state=synced: 1"],
    );
  }
});

const DURATION_BOUNDS = "0.005,0.01,0.025,0.05,0.075,0.1,0.25,0.5,0.75,1,2.5,5,7.5,10";

Deno.test("An SDK that is registered after the host traces and measures from then on", async () => {
  await using hosts = new Hosts();
  const { caller } = await hosts.startChain();
  const service = await caller.service<Chain>(FRONT);
  await service.forward("hello");
  {
    await using sdk = new OpenTelemetrySdk();
    await service.forward("hello");
    assert.equal(sdk.spans.length, 4);
    assert.equal((await sdk.readMetric("rpc.client.call.duration")).length, 2);
    assert.ok((await sdk.readMetric("rsa.endpoints")).length > 0);
  }
  await using another = new OpenTelemetrySdk();
  await service.forward("hello");
  assert.equal(another.spans.length, 4);
  assert.equal((await another.readMetric("rpc.client.call.duration")).length, 2);
});

Deno.test("The option openTelemetry turns traces and metrics off", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const host = await hosts.start({ http: { port: 0 }, openTelemetry: false });
  await host.register(BACK, { back: () => currentCall()?.headers["traceparent"] ?? "none" });
  const caller = await hosts.start({ openTelemetry: false });
  assert.equal(await (await caller.service<Chain>(BACK)).back(""), "none");
  assert.deepEqual(sdk.spans, []);
  assert.deepEqual(await sdk.readMetric("rsa.endpoints"), []);
});

Deno.test("An SDK that throws fails no call, and headers that HTTP can't carry are left out", async () => {
  await using _sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const { caller } = await hosts.startChain();
  const service = await caller.service<Chain>(FRONT);
  const key = Symbol.for("opentelemetry.js.api.1");
  const registered = Reflect.get(globalThis, key);
  const refuse = () => {
    throw new Error("broken SDK");
  };
  const span = { setAttribute: refuse, setStatus: refuse, end: refuse, spanContext: refuse };
  const broken = [
    { trace: { getTracer: refuse } },
    { trace: { getTracer: () => ({ startSpan: refuse }) }, metrics: { getMeter: refuse } },
    { ...registered, trace: { getTracer: () => ({ startSpan: () => span }) } },
    { ...registered, propagation: { inject: refuse, extract: refuse } },
    {
      ...registered,
      propagation: {
        inject(_context: unknown, carrier: Record<string, string>, { set }: TextMapSetter) {
          set(carrier, "traceparent", "bad\r\nx-evil: 1");
          set(carrier, "bad name", "1");
          carrier["x-evil"] = "1\r\n";
        },
        extract: (context: unknown) => context,
      },
    },
    { trace: 1, context: "no", propagation: {}, metrics: null },
    "text",
  ];
  try {
    for (const api of broken) {
      Reflect.set(globalThis, key, api);
      assert.equal(await service.forward("hello"), "hello!");
    }
  } finally {
    Reflect.set(globalThis, key, registered);
  }
});

Deno.test("Without a context manager each call continues the trace of its caller", async () => {
  await using sdk = new OpenTelemetrySdk();
  context.disable();
  await using hosts = new Hosts();
  const { caller } = await hosts.startChain();
  await (await caller.service<Chain>(BACK)).back("hello");
  assert.deepEqual(format(sdk.spans), [
    `CLIENT ${BACK}/back < nothing`,
    `SERVER ${BACK}/back < CLIENT ${BACK}/back`,
  ]);
});

Deno.test("Interceptors and in-process calls run within the span of their call", async () => {
  await using sdk = new OpenTelemetrySdk();
  const seen: (string | undefined)[] = [];
  const note: Interceptor = (next) => (call: RemoteCall) => {
    seen.push(trace.getActiveSpan()?.spanContext().spanId);
    return next(call);
  };
  await using hosts = new Hosts();
  const distribution = [inProcess()];
  const interceptors = { client: [note], server: [note] };
  const server = await hosts.start({ distribution, interceptors });
  await server.register(BACK, { back: (text: string) => text });
  const caller = await hosts.start({ distribution, interceptors });
  await (await caller.service<Chain>(BACK)).back("hello");
  assert.deepEqual(format(sdk.spans), [
    `CLIENT ${BACK}/back < nothing`,
    `SERVER ${BACK}/back < CLIENT ${BACK}/back`,
  ]);
  const byKind = [SpanKind.CLIENT, SpanKind.SERVER].map((kind) =>
    sdk.spans.find((span) => span.kind === kind)?.spanContext().spanId
  );
  assert.deepEqual(seen, byKind);
  assert.equal(sdk.spans[0]?.attributes["rpc.system.name"], "in-process");
});

Deno.test("Code of the user within a call over HTTP runs within the span of the call", async () => {
  await using sdk = new OpenTelemetrySdk();
  const seen: (string | undefined)[] = [];
  const note = () => seen.push(trace.getActiveSpan()?.spanContext().spanId);
  await using hosts = new Hosts();
  const server = await hosts.start({ http: { port: 0 } });
  const back = (text: string) => {
    note();
    return text;
  };
  await server.register(BACK, { back });
  const clients: RemoteServicesOptions[] = [
    {},
    { interceptors: { client: [(next) => (call) => (note(), next(call))] } },
    { client: { headers: () => (note(), {}) } },
    { client: { fetch: (input, init) => (note(), fetch(input, init)) } },
  ];
  for (const options of clients) {
    seen.length = 0;
    const before = sdk.spans.length;
    const caller = await hosts.start(options);
    await (await caller.service<Chain>(BACK)).back("hello");
    const spans = sdk.spans.slice(before);
    assert.deepEqual(format(spans), [
      `CLIENT ${BACK}/back < nothing`,
      `SERVER ${BACK}/back < CLIENT ${BACK}/back`,
    ]);
    const kinds = seen.map((id) => spans.find((span) => span.spanContext().spanId === id)?.kind);
    const own = Object.keys(options).length === 0 ? [] : [SpanKind.CLIENT];
    assert.deepEqual(kinds, [...own, SpanKind.SERVER]);
  }
});

Deno.test("A call for which no endpoint is known is a span and a measurement", async () => {
  await using sdk = new OpenTelemetrySdk();
  await using hosts = new Hosts();
  const server = await hosts.start({ http: { port: 0 } });
  await server.register(BACK, { back: (text: string) => text });
  const caller = await hosts.start();
  const service = await caller.service<Chain>(BACK, { reconnectWaitMs: 20 });
  await server.close({ drainTimeoutMs: 0 });
  await trace.getTracer("test").startActiveSpan("work", async (span) => {
    await assert.rejects(service.back("hello"), { code: "endpoint-gone" });
    span.end();
  });
  assert.deepEqual(format(sdk.spans), [
    `CLIENT ${BACK}/back < INTERNAL work`,
    "INTERNAL work < nothing",
  ]);
  const [call] = sdk.spans;
  assert.equal(call?.attributes["error.type"], "endpoint-gone");
  assert.match(call?.status.message ?? "", /^Cannot call back of com.example.Back.*no endpoint/);
  assert.ok((call?.duration[1] ?? 0) >= 15e6);
  assert.deepEqual(await sdk.readMetric("rpc.client.call.duration"), [
    `rpc.system.name=unknown rpc.method=${BACK}/back error.type=endpoint-gone: 1`,
  ]);
});

Deno.test("A host that is started within a span does not go on in its trace", async () => {
  await using _sdk = new OpenTelemetrySdk();
  const seen: unknown[] = [];
  const directory: DiscoveryFactory = (context) => {
    const provider = memory()(context);
    const start = provider.start.bind(provider);
    provider.start = (signal) => {
      seen.push(trace.getActiveSpan());
      return start(signal);
    };
    return provider;
  };
  await trace.getTracer("test").startActiveSpan("work", async (span) => {
    await using _host = await remoteServices({ discovery: [directory], drainMs: 0 });
    assert.equal(trace.getActiveSpan(), span);
    span.end();
  });
  assert.deepEqual(seen, [undefined]);
});

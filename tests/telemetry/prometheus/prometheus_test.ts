import assert from "node:assert/strict";
import fc from "../../support/fast_check.ts";
import {
  basicAuth,
  CallStatistics,
  etcd3,
  inProcess,
  memory,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../../mod.ts";
import { formatPrometheus } from "../../../src/telemetry/prometheus/prometheus_text.ts";
import { parsePrometheus, type PrometheusSample } from "../../support/prometheus.ts";

interface Shop {
  buy(item: string): string;
}

const NAME = "com.example.Shop";
const shop = {
  buy: (item: string) => {
    if (item === "tea") throw new RemoteFault(42, "sold out");
    return item;
  },
};

function startHost(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
  return remoteServices({ discovery: [memory()], drainMs: 0, http: { port: 0 }, ...options });
}

async function scrape(host: RemoteServices, init?: RequestInit): Promise<Response> {
  return await fetch(`${host.http?.url}/metrics`, init);
}

function find(
  samples: readonly PrometheusSample[],
  name: string,
  labels: Readonly<Record<string, string>>,
): number | undefined {
  return samples.find((sample) =>
    sample.name === name &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  )?.value;
}

Deno.test("metrics serves calls, errors, durations, endpoints and health as Prometheus reads them", async () => {
  const discovery = [memory()];
  await using server = await startHost({ discovery, metrics: true });
  await server.register(NAME, shop);
  await using client = await startHost({ discovery, metrics: true });
  const service = await client.service<Shop>(NAME);
  for (const item of ["a", "b", "c"]) await service.buy(item);
  await assert.rejects(service.buy("tea"));
  for (const [host, side] of [[server, "server"], [client, "client"]] as const) {
    const response = await scrape(host);
    assert.equal(response.status, 200);
    assert.equal(
      response.headers.get("content-type"),
      "text/plain; version=0.0.4; charset=utf-8",
    );
    const samples = parsePrometheus(await response.text());
    const method = { interface: NAME, method: "buy" };
    assert.equal(find(samples, `rsa_${side}_calls_total`, method), 4);
    assert.equal(find(samples, `rsa_${side}_call_errors_total`, { ...method, code: "fault" }), 1);
    assert.equal(find(samples, `rsa_${side}_call_duration_seconds_count`, method), 4);
    assert.equal(
      find(samples, `rsa_${side}_call_duration_seconds_bucket`, { ...method, le: "10" }),
      4,
    );
    assert.equal(find(samples, "rsa_health_state", { discovery: "memory", state: "synced" }), 1);
    assert.equal(find(samples, "rsa_health_state", { discovery: "memory", state: "stale" }), 0);
    const counts = ["discovered", "exported", "imported"].map((kind) =>
      find(samples, "rsa_endpoints", { kind })
    );
    assert.deepEqual(counts, side === "server" ? [0, 1, 0] : [1, 0, 1]);
  }
});

Deno.test("metrics serves HEAD, refuses POST, and pages of other sites", async () => {
  await using host = await startHost({ metrics: { path: "/monitor/metrics" } });
  const url = `${host.http?.url}/monitor/metrics`;
  const head = await fetch(url, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  const post = await fetch(url, { method: "POST" });
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  await post.body?.cancel();
  const foreign = await fetch(url, { headers: { origin: "https://evil.example" } });
  assert.equal(foreign.status, 403);
  await foreign.body?.cancel();
});

Deno.test("metrics asks the authenticate of the XML-RPC server, or its own", async () => {
  const authenticate = basicAuth({ ada: "secret" });
  const password = { authorization: `Basic ${btoa("ada:secret")}` };
  const status = async (options: RemoteServicesOptions, headers: HeadersInit = {}) => {
    await using host = await startHost(options);
    const response = await scrape(host, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const http = { port: 0, authenticate };
  assert.equal(await status({ http, metrics: true }), 401);
  assert.equal(await status({ http, metrics: true }, password), 200);
  assert.equal(await status({ http, metrics: { authenticate: () => true } }), 200);
  assert.equal(await status({ metrics: { authenticate } }), 401);
  const broken = () => Promise.reject(new Error("no database"));
  assert.equal(await status({ metrics: { authenticate: broken } }), 500);
});

Deno.test("metrics counts requests that are refused before their method is known", async () => {
  const authenticate = basicAuth({ ann: "secret" });
  const http = { port: 0, authenticate, maxBytes: 200, allowedOrigins: ["https://app.example"] };
  const discovery = [memory()];
  await using host = await startHost({ discovery, http, metrics: { authenticate: () => true } });
  await host.register(NAME, shop);
  const authorization = `Basic ${btoa("ann:secret")}`;
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(`${host.http?.url}${path}`, { method: "POST", ...init });
    await response.body?.cancel();
  };
  const call = (name: string) =>
    `<?xml version="1.0"?><methodCall><methodName>${name}</methodName></methodCall>`;
  const post = async (headers: Readonly<Record<string, string>>, body: string) =>
    await send("/xml-rpc", { headers: { "content-type": "text/xml", ...headers }, body });
  const before = parsePrometheus(await (await scrape(host)).text());
  for (const code of ["401", "403", "404", "wrong-service"]) {
    assert.equal(find(before, "rsa_server_refusals_total", { code }), 0);
  }

  await post({}, call("1.buy"));
  await post({}, call("1.buy"));
  await post({ authorization, origin: "https://evil.example" }, call("1.buy"));
  await send("/nothing", {});
  await send("/xml-rpc", { method: "GET" });
  await post({ authorization }, call("x".repeat(300)));
  await post({ authorization, "content-type": "text/html" }, call("1.buy"));
  await post({ authorization }, "no call");
  await post({ authorization }, call("buy"));
  await post({ authorization }, call("999.buy"));
  // Neither a preflight nor a call that is known is a refusal.
  const preflight = { origin: "https://app.example", "access-control-request-method": "POST" };
  await send("/xml-rpc", { method: "OPTIONS", headers: preflight });
  await using peer = await startHost({ discovery, client: { headers: { authorization } } });
  const service = await peer.service<{ sell(): void }>(NAME);
  await assert.rejects(service.sell(), { code: "no-such-method" });

  const after = parsePrometheus(await (await scrape(host)).text());
  const counts = after.filter(({ name, value }) =>
    name === "rsa_server_refusals_total" && value > 0
  ).map(({ labels, value }) => [labels["code"], value]);
  assert.deepEqual(Object.fromEntries(counts), {
    "401": 2,
    "403": 1,
    "404": 1,
    "405": 1,
    "413": 1,
    "415": 1,
    "invalid-call": 1,
    "no-such-method": 1,
    "wrong-service": 1,
  });
});

Deno.test("metrics refuses options that it does not have, and hosts without an HTTP server", async () => {
  const start = (options: object) => remoteServices({ discovery: [memory()], ...options });
  await assert.rejects(start({ metrics: { paths: "/x" } }), {
    message: "Cannot use the option metrics.paths: there is no such option; did you mean path?",
  });
  await assert.rejects(start({ metrics: { authenticate: 1 } }), {
    message: "Cannot use metrics.authenticate: it is not a function; give basicAuth({})",
  });
  await assert.rejects(start({ metrics: { path: "metrics" } }), TypeError);
  await assert.rejects(start({ metrics: true, distribution: [inProcess()] }), {
    message: "Cannot serve metrics: no distribution has an HTTP server; add xmlRpc()",
  });
  await assert.rejects(start({ metrics: "yes" }), TypeError);
});

Deno.test("metrics of etcd discoveries count lost leases and name each discovery", async () => {
  const unreachable = { endpoints: "127.0.0.1:1", startOffline: true, callTimeoutMs: 100 };
  await using host = await startHost({
    discovery: [etcd3(unreachable), etcd3(unreachable), memory()],
    metrics: true,
  });
  const samples = parsePrometheus(await (await scrape(host)).text());
  for (const discovery of ["etcd3", "etcd3-2"]) {
    assert.equal(find(samples, "rsa_lease_losses_total", { discovery }), 0);
    assert.equal(find(samples, "rsa_health_state", { discovery, state: "synced" }), 0);
  }
  assert.equal(find(samples, "rsa_lease_losses_total", { discovery: "memory" }), undefined);
  assert.equal(find(samples, "rsa_events_delivered_total", { discovery: "memory" }), 0);
});

Deno.test("Names of any characters are escaped in the text format", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }))),
      (names) => {
        const statistics = new CallStatistics();
        for (const [interfaceName, method] of names) {
          statistics.record({ direction: "incoming", interfaceName, method }, {
            isKnownMethod: true,
            latencyMs: 1,
            error: "fault",
          });
        }
        const samples = parsePrometheus(formatPrometheus(statistics.snapshot(), []));
        for (const [interfaceName, method] of names) {
          assert.ok(
            find(samples, "rsa_server_calls_total", { interface: interfaceName, method }) !==
              undefined,
          );
        }
      },
    ),
    { numRuns: 20, examples: [[[['"a\\', "b\n\\n"]]]] },
  );
});

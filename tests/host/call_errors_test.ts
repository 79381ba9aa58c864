import assert from "node:assert/strict";
import {
  bearerAuth,
  type DistributionFactory,
  inProcess,
  InProcessHub,
  type Interceptor,
  memory,
  type Remote,
  RemoteCallError,
  type RemoteCallErrorCode,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
  withOptions,
  xmlRpc,
} from "../../mod.ts";
import { readRequest, serveTcp, writeText } from "../support/tcp_server.ts";

interface Work {
  go(value?: unknown): unknown;
}

const INTERFACE = "com.example.Work";

/** Every code, so that the compiler finds one that is missing here. */
const CODES: Readonly<Record<RemoteCallErrorCode, true>> = {
  "fault": true,
  "no-such-method": true,
  "wrong-service": true,
  "denied": true,
  "overloaded": true,
  "closed": true,
  "unreachable": true,
  "interrupted": true,
  "timeout": true,
  "endpoint-gone": true,
  "not-allowed": true,
  "invalid-reply": true,
  "not-sendable": true,
};

/** Endpoint that a call ends at. */
interface Target {
  readonly endpointId: string;
  readonly address: string | undefined;
}

/** Asserts that an error and its message name the call; the words of a fault stay. */
async function assertNamed(
  call: Promise<unknown>,
  code: string,
  { endpointId, address }: Target,
  attempt: number,
): Promise<RemoteCallError> {
  const error = await call.then((result) => assert.fail(`it returned ${result}`), (error) => error);
  assert.ok(error instanceof RemoteCallError, String(error));
  assert.deepEqual(
    {
      code: error.code,
      interfaceName: error.interfaceName,
      method: error.method,
      address: error.address,
      endpointId: error.endpointId,
      attempt: error.attempt,
    },
    { code, interfaceName: INTERFACE, method: "go", address, endpointId, attempt },
    String(error),
  );
  const number = attempt > 1 ? ` (attempt ${attempt})` : "";
  const names = `Cannot call go of ${INTERFACE} at ${address}${number}: `;
  if (error instanceof RemoteFault) assert.equal(error.message, error.faultString);
  else assert.ok(error.message.startsWith(names), error.message);
  const reason = error instanceof RemoteFault ? error.message : error.message.slice(names.length);
  assert.ok(!/Cannot call|undefined/.test(reason) && reason !== "", error.message);
  return error;
}

/** Two exporters and a client: the first exporter is preferred, and refuses every call. */
class World implements AsyncDisposable {
  readonly #discovery = [memory()];
  readonly #hosts: RemoteServices[] = [];

  async start(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
    const host = await remoteServices({ discovery: this.#discovery, drainMs: 0, ...options });
    this.#hosts.push(host);
    return host;
  }

  async export(options: RemoteServicesOptions, service: object, ranking: number): Promise<Target> {
    const host = await this.start(options);
    const properties = { "service.ranking": ranking };
    const { endpoint } = await host.register(INTERFACE, service, properties);
    return { endpointId: endpoint.id, address: endpoint.containerId?.replace(/\/\/.*@/, "//") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close({ drainTimeoutMs: 0 })));
  }
}

/** Returns proxies that choose the best endpoint, and of a certain endpoint. */
async function createProxies(client: RemoteServices, { endpointId }: Target) {
  const choosing = await client.service<Work>(INTERFACE, { policy: "best", reconnectWaitMs: 0 });
  const filter = `(endpoint.id=${endpointId})`;
  const [pinned] = client.services<Work>(INTERFACE, { filter });
  const { registry } = client.framework;
  const [reference] = registry.getReferences(INTERFACE, filter);
  assert.ok(pinned !== undefined && reference !== undefined);
  return { choosing, pinned, imported: registry.getService(reference) as Remote<Work> };
}

/** Distributions of the exporters and of the client. */
const PROVIDERS: Readonly<Record<string, () => () => DistributionFactory>> = {
  "xmlRpc": () => () => xmlRpc({ http: { port: 0 } }),
  "inProcess": () => {
    const hub = new InProcessHub();
    return () => inProcess(hub);
  },
};

/** Refuses calls in words that name nothing. */
const refuse = (code: RemoteCallErrorCode): Interceptor => () => () => {
  throw code === "fault" ? new RemoteFault(7, "sold out") : new RemoteCallError(code, "a reason");
};

for (const [name, create] of Object.entries(PROVIDERS)) {
  for (const side of ["client", "server"] as const) {
    Deno.test(`${name} completes what interceptors of a ${side} throw`, async () => {
      for (const code of Object.keys(CODES) as RemoteCallErrorCode[]) {
        await using world = new World();
        const distribute = create();
        const refuseAll = { server: [refuse("overloaded")] };
        const first = { distribution: [distribute()], interceptors: refuseAll };
        await world.export(first, { go: () => 1 }, 10);
        const refuseOne: Interceptor = (next) => (call) =>
          call.endpoint.id === target.endpointId ? refuse(code)(next)(call) : next(call);
        const interceptors = { [side]: [refuseOne] };
        const options = { distribution: [distribute()], interceptors };
        const target: Target = await world.export(options, { go: () => 2 }, 1);
        const client = await world.start(options);
        const { choosing, imported } = await createProxies(client, target);
        // A server sends what is not one of its refusals as a fault.
        const isSent = side === "client" || name === "inProcess" || !CLIENT_ONLY.has(code);
        const expected = isSent ? code : "fault";
        await assertNamed(imported.go(), expected, target, 1);
        const error = await assertNamed(choosing.go(), expected, target, 2);
        const words = code === "fault" ? /^sold out$/ : isSent ? /: a reason$/ : /^a reason$/;
        assert.match(error.message, words);
      }
    });
  }
}

/** Codes that no answer of a server has. */
const CLIENT_ONLY: ReadonlySet<RemoteCallErrorCode> = new Set([
  "unreachable",
  "interrupted",
  "endpoint-gone",
  "not-allowed",
  "invalid-reply",
  "not-sendable",
]);

/** Answers of a server that a test handles byte by byte. */
const ANSWERS: Readonly<Record<string, (connection: Deno.TcpConn) => Promise<void>>> = {
  "interrupted": () => Promise.resolve(),
  "invalid-reply": (connection) =>
    writeText(connection, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"),
  "timeout": async (connection) => void await readRequest(connection),
};

/** Causes of errors at an exporter or on the way to it. */
const CAUSES: readonly [
  code: RemoteCallErrorCode,
  options: RemoteServicesOptions,
  service?: object,
][] = [
  ["denied", { http: { port: 0, authorize: () => false } }],
  ["denied", { http: { port: 0, authenticate: bearerAuth({ "s3cret": "ada" }) } }],
  ["no-such-method", { http: { port: 0 } }, { stay: () => "not go" }],
  ["fault", { http: { port: 0 } }, { go: () => Promise.reject(new Error("sold out")) }],
  ["not-allowed", { http: { port: 0, advertisedUrl: "http://192.0.2.1:80/x" } }],
  ["not-sendable", { http: { port: 0, advertisedUrl: "http://127.0.0.2:80/no-headers" } }],
];

/** Starts a client that may call this machine, and whose headers fail for one path. */
function startClient(world: World): Promise<RemoteServices> {
  return world.start({
    client: {
      allowHosts: ["127.0.0.0/8"],
      headers: ({ containerId = "" }) => {
        if (containerId.endsWith("no-headers")) throw new Error("the vault is closed");
        return {};
      },
    },
  });
}

for (const [code, options, service = { go: () => 2 }] of CAUSES) {
  const setting = Object.keys(options.http ?? {}).at(-1);
  Deno.test(`A call that ends with ${code} by ${setting} is named at each attempt`, async () => {
    await using world = new World();
    const target = await world.export(options, service, 1);
    const client = await startClient(world);
    const { choosing, pinned } = await createProxies(client, target);
    await assertNamed(pinned.go(), code, target, 1);
    await assertNamed(choosing.go(), code, target, 1);
    await world.export(
      { http: { port: 0 }, interceptors: { server: [refuse("overloaded")] } },
      { go: () => 1 },
      10,
    );
    const error = await assertNamed(choosing.go(), code, target, 2);
    assert.ok(!error.message.includes("secret"));
  });
}

for (const [code, answer] of Object.entries(ANSWERS)) {
  Deno.test(`A call that ends with ${code} on the wire is named at each attempt`, async () => {
    const end = Promise.withResolvers<void>();
    await using world = new World();
    await using server = serveTcp(async (connection) => {
      await readRequest(connection);
      await answer(connection);
      if (code === "timeout") await end.promise;
    });
    const advertisedUrl = `http://127.0.0.1:${server.port}/x`;
    const target = await world.export({ http: { port: 0, advertisedUrl } }, { go: () => 1 }, 1);
    const client = await startClient(world);
    const { choosing, pinned } = await createProxies(client, target);
    const options = { timeoutMs: code === "timeout" ? 50 : 10_000 };
    await assertNamed(withOptions(pinned, options).go(), code, target, 1);
    await world.export(
      { http: { port: 0 }, interceptors: { server: [refuse("overloaded")] } },
      { go: () => 1 },
      10,
    );
    const error = await assertNamed(withOptions(choosing, options).go(), code, target, 2);
    assert.ok(!error.message.includes("secret"));
    end.resolve();
  });
}

Deno.test("The error of a call names it if no endpoint is known or can be reached", async () => {
  await using world = new World();
  const servers: RemoteServices[] = [];
  const targets: Target[] = [];
  for (const ranking of [10, 1]) {
    const server = await world.start({ http: { port: 0 } });
    const properties = { "service.ranking": ranking };
    const { endpoint } = await server.register(INTERFACE, { go: () => 1 }, properties);
    targets.push({ endpointId: endpoint.id, address: endpoint.containerId });
    servers.push(server);
  }
  const [, second] = targets;
  assert.ok(second !== undefined);
  const client = await world.start();
  const { choosing, pinned, imported } = await createProxies(client, second);
  const call = () => {};
  await assertNamed(pinned.go(call), "not-sendable", second, 1);
  const late = withOptions(pinned, { deadlineMs: performance.now() - 1 });
  await assertNamed(late.go(), "timeout", second, 1);
  for (const server of servers) await server.http?.close({ drainTimeoutMs: 0 });
  const patient = withOptions(pinned, { timeoutMs: 20_000 });
  for (const proxy of [patient, imported]) await assertNamed(proxy.go(), "unreachable", second, 1);
  await assertNamed(choosing.go(), "unreachable", second, 2);
  for (const server of servers) await server.close();
  for (const proxy of [patient, imported, choosing]) {
    await assertNamed(proxy.go(), "endpoint-gone", second, 1);
  }
});

for (const [name, create] of Object.entries(PROVIDERS)) {
  Deno.test(`${name} names the calls that end with their host, and those after it`, async () => {
    await using world = new World();
    const distribute = create();
    const called = Promise.withResolvers<void>();
    const target = await world.export(
      { distribution: [distribute()] },
      { go: () => (called.resolve(), new Promise(() => {})) },
      1,
    );
    const client = await world.start({ distribution: [distribute()] });
    const { choosing, pinned, imported } = await createProxies(client, target);
    const running = assertNamed(choosing.go(), "interrupted", target, 1);
    await called.promise;
    await client.close({ drainTimeoutMs: 0 });
    await running;
    for (const proxy of [pinned, choosing]) await assertNamed(proxy.go(), "closed", target, 1);
    await assertNamed(imported.go(), "endpoint-gone", target, 1);
  });
}

Deno.test("A call that waits for an endpoint ends with its host", async () => {
  await using world = new World();
  const server = await world.start({ http: { port: 0 } });
  const { endpoint } = await server.register(INTERFACE, { go: () => 1 });
  const client = await world.start();
  const proxy = await client.service<Work>(INTERFACE, { reconnectWaitMs: 60_000 });
  await server.close();
  const target = { endpointId: endpoint.id, address: endpoint.containerId };
  const waiting = assertNamed(proxy.go(), "closed", target, 1);
  await client.close();
  await waiting;
});

Deno.test("An error of another call within an interceptor keeps its own names", async () => {
  await using world = new World();
  const other = new RemoteCallError("denied", "Cannot call getToken of Vault at x: no", {
    interfaceName: "Vault",
    method: "getToken",
    address: "x",
  });
  class Unpaid extends RemoteCallError {}
  const unpaid = new Unpaid("denied", "pay first");
  const target = await world.export({ http: { port: 0 } }, { go: () => 1 }, 1);
  for (const thrown of [other, unpaid, new Error("a fault of the interceptor")]) {
    const interceptors = { client: [() => () => Promise.reject(thrown)] };
    const client = await world.start({ interceptors });
    const { pinned } = await createProxies(client, target);
    await assert.rejects(pinned.go(), (error) => error === thrown);
  }
});

Deno.test("The error of a call names the interface that was called, once", async () => {
  await using world = new World();
  const server = await world.start({
    http: { port: 0 },
    interceptors: { server: [(next) => (call) => call.method === "go" ? refuseGo() : next(call)] },
  });
  const names = ["com.example.First", "com.example.Second"];
  const object = { go: () => 1, stay: () => 2 };
  const { endpoint } = await server.register(names, object);
  const client = await world.start();
  for (const name of names) {
    const second = await client.service<Record<string, () => unknown>>(name);
    const where = `of ${name} at ${endpoint.containerId}`;
    await assert.rejects(second.go?.() as Promise<unknown>, {
      code: "denied",
      message: `Cannot call go ${where}: only reading is allowed`,
      reason: "only reading is allowed",
    });
    await assert.rejects(second.sty?.() as Promise<unknown>, {
      code: "no-such-method",
      message: `Cannot call sty ${where}: it has the methods go, stay; did you mean stay?`,
    });
  }
});

Deno.test("A call between hosts that each have an inProcess() of their own says so", async () => {
  await using world = new World();
  await world.export({ distribution: [inProcess()] }, { go: () => 1 }, 1);
  const client = await world.start({ distribution: [inProcess()] });
  const proxy = await client.service<Work>(INTERFACE);
  await assert.rejects(proxy.go(), {
    code: "wrong-service",
    reason: "no host exports it here; give both hosts the same inProcess(), or one hub",
  });
});

function refuseGo(): never {
  throw new RemoteCallError("denied", "only reading is allowed");
}

Deno.test("The error of a call through a gateway names the gateway, then what it called", async () => {
  await using world = new World();
  const target = await world.export(
    { http: { port: 0, authorize: () => false } },
    { go: () => 1 },
    1,
  );
  const gateway = await world.start({ http: { port: 0 } });
  const { pinned } = await createProxies(gateway, target);
  const { endpoint } = await gateway.register("com.example.Gate", pinned);
  const client = await world.start();
  const gate = await client.service<Work>("com.example.Gate");
  await assert.rejects(gate.go(), {
    code: "denied",
    address: endpoint.containerId,
    message: `Cannot call go of com.example.Gate at ${endpoint.containerId}: Cannot call go of ` +
      `${INTERFACE} at ${target.address}: the caller may not call it`,
  });
});

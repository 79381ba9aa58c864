import assert from "node:assert/strict";
import {
  currentCall,
  memory,
  type Remote,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  withOptions,
} from "../../mod.ts";
import { EndpointRecorder } from "../support/events.ts";

interface Shop {
  greet(name: string): string;
  buy(): string;
  getTimeLeft(): number;
}

class ShopImpl implements Shop {
  greet(name: string): string {
    return `Hello ${name}`;
  }
  buy(): string {
    throw new RemoteFault(42, "sold out");
  }
  getTimeLeft(): number {
    return (currentCall()?.deadlineMs ?? Infinity) - performance.now();
  }
}

/** Starts an exporter, a gateway and a client, each a host of its own. */
async function startHosts(options: { readonly asyncContext?: boolean } = {}) {
  const discovery = [memory()];
  const start = () => remoteServices({ discovery, http: { port: 0 }, drainMs: 0, ...options });
  const [server, gateway, client] = await Promise.all([start(), start(), start()]);
  await server.register<Shop>("com.example.Shop", new ShopImpl());
  return {
    gateway,
    client,
    async [Symbol.asyncDispose]() {
      for (const host of [client, gateway, server]) await host.close({ drainTimeoutMs: 0 });
    },
  };
}

/** Creates each kind of proxy that a gateway may export. */
const PROXIES: readonly [kind: string, create: (host: RemoteServices) => Promise<Remote<Shop>>][] =
  [
    ["choosing", (host) => host.service<Shop>("com.example.Shop")],
    ["with options", async (host) => {
      const shop = await host.service<Shop>("com.example.Shop");
      return withOptions(shop, { timeoutMs: 20_000 });
    }],
    ["pinned", async (host) => {
      await host.service<Shop>("com.example.Shop");
      const [shop] = host.services<Shop>("com.example.Shop");
      assert.ok(shop !== undefined);
      return shop;
    }],
    ["imported", async (host) => {
      await host.service<Shop>("com.example.Shop");
      const { registry } = host.framework;
      const [reference] = registry.getReferences("com.example.Shop", "(service.imported=true)");
      assert.ok(reference !== undefined);
      return registry.getService(reference) as Remote<Shop>;
    }],
  ];

for (const [kind, create] of PROXIES) {
  Deno.test(`A gateway forwards the calls of a ${kind} proxy with the time left`, async () => {
    await using hosts = await startHosts();
    const registration = await hosts.gateway.register(
      "com.example.Gate",
      await create(hosts.gateway),
    );
    const names = ["greet", "buy", "getTimeLeft"];
    assert.deepEqual(registration.endpoint.extras.get("rs.methods"), names);
    const gate = await hosts.client.service<Shop>("com.example.Gate");
    assert.equal(await gate.greet("you"), "Hello you");
    await assert.rejects(gate.buy(), { faultCode: 42, faultString: "sold out" });
    const leftMs = await withOptions(gate, { timeoutMs: 5000 }).getTimeLeft();
    assert.ok(leftMs > 0 && leftMs <= 5000, `${leftMs} ms`);
    const wider = await hosts.client.service<Shop & { sell(): void }>("com.example.Gate");
    await assert.rejects(wider.sell(), {
      code: "no-such-method",
      interfaceName: "com.example.Gate",
      method: "sell",
      address: registration.endpoint.containerId,
      message: `Cannot call sell of com.example.Gate at ${registration.endpoint.containerId}: it ` +
        `has the methods ${names.join(", ")}`,
    });
  });
}

Deno.test("A gateway with the policy all returns outcomes that can be sent", async () => {
  await using hosts = await startHosts();
  const all = await hosts.gateway.service<Shop>("com.example.Shop", { policy: "all" });
  await hosts.gateway.register("com.example.Gate", all);
  type Gate = { greet(name: string): unknown; buy(): { reason: Record<string, unknown> }[] };
  const gate = await hosts.client.service<Gate>("com.example.Gate");
  assert.deepEqual(await gate.greet("you"), [{ status: "fulfilled", value: "Hello you" }]);
  const [outcome] = await gate.buy();
  assert.equal(outcome?.reason.message, "sold out");
});

Deno.test("The time left travels through two hops in one expression", async () => {
  for (const asyncContext of [false, true]) {
    await using hosts = await startHosts({ asyncContext });
    const shop = await hosts.gateway.service<Shop>("com.example.Shop");
    await hosts.gateway.register("com.example.Bank", {
      early: async () => await withOptions(shop, currentCall() ?? {}).getTimeLeft(),
      async late() {
        await null;
        return await withOptions(shop, currentCall() ?? {}).getTimeLeft();
      },
    });
    type Bank = { early(): number; late(): number };
    const bank = withOptions(await hosts.client.service<Bank>("com.example.Bank"), {
      timeoutMs: 5000,
    });
    assert.ok(await bank.early() <= 5000);
    const isShort = await bank.late() <= 5000;
    assert.equal(isShort, asyncContext, "valid after an await only with asyncContext");
  }
});

Deno.test("The error of a call has the last address once its endpoint is gone", async () => {
  const discovery = [memory()];
  await using server = await remoteServices({ discovery, http: { port: 0 }, drainMs: 0 });
  await using client = await remoteServices({ discovery });
  const registration = await server.register<Shop>("com.example.Shop", new ShopImpl());
  const choosing = await client.service<Shop>("com.example.Shop", { reconnectWaitMs: 1 });
  const [pinned] = client.services<Shop>("com.example.Shop");
  await choosing.greet("you");
  const events = new EndpointRecorder();
  client.onEndpoint(events);
  await events.until("the endpoint", ({ type }) => type === "added");
  await registration.close();
  await events.until("its end", ({ type }) => type === "removed");
  for (const shop of [choosing, pinned]) {
    assert.ok(shop !== undefined);
    await assert.rejects(withOptions(shop, { timeoutMs: 1 }).greet("you"), {
      code: "endpoint-gone",
      interfaceName: "com.example.Shop",
      method: "greet",
      address: registration.endpoint.containerId,
      attempt: 1,
    });
  }
});

Deno.test("service refuses names that no service can have, at once", async () => {
  await using host = await remoteServices({ discovery: [memory()] });
  for (const name of ["", "a b", "a,b", "a\n", null, 5, ["com.example.Shop"]]) {
    await assert.rejects(host.service(name as string), {
      name: "TypeError",
      message: /^Cannot look for the service .*: give the name of one interface/,
    });
    assert.throws(() => host.services(name as string), TypeError);
  }
  await assert.rejects(host.service("a", { idempotent: "greet" as never }), {
    message: 'Cannot use idempotent "greet": give true, or a list of methods',
  });
});

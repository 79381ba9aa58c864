import assert from "node:assert/strict";
import { RemoteCallError, type RemoteServices, remoteServices } from "../../mod.ts";
import { createBalanced } from "../../src/calls/balancer.ts";
import { testEtcd } from "../support/etcd.ts";

interface Namer {
  name(): string;
}

/** A candidate that counts its calls and fails as it is told. */
function candidate(id: string, state: { failure?: Error } = {}) {
  const calls: unknown[][] = [];
  const go = (...params: unknown[]) => {
    calls.push(params);
    return state.failure === undefined ? Promise.resolve(id) : Promise.reject(state.failure);
  };
  return { id, state, calls, proxy: { go } };
}

interface Goer {
  go(...params: unknown[]): Promise<unknown>;
}

const refused = new RemoteCallError("unreachable", "refused");

Deno.test("the best is called, or each in turn, or all", async () => {
  const [a, b] = [candidate("a"), candidate("b")];
  const list = [a, b];
  const proxy = (policy: "best" | "round-robin" | "all") =>
    createBalanced("I", () => list, { policy }) as Goer;
  const best = proxy("best");
  assert.deepEqual([await best.go(1), await best.go(2)], ["a", "a"]);
  const turns = proxy("round-robin");
  assert.deepEqual([await turns.go(), await turns.go(), await turns.go()], ["a", "b", "a"]);
  b.state.failure = new Error("no");
  assert.deepEqual(await proxy("all").go("x"), [
    { status: "fulfilled", value: "a" },
    { status: "rejected", reason: b.state.failure },
  ]);
  assert.equal(await (best as unknown), best, "it is no promise");
  assert.equal(String(best), "Remote(I, best)");
  const before = a.calls.length;
  assert.equal(`${best}${JSON.stringify({ best })}`, 'Remote(I, best){"best":{}}');
  assert.equal(a.calls.length, before, "printing it calls nothing");
});

Deno.test("a call that did not get through goes elsewhere only where it may be repeated", async () => {
  const [a, b] = [candidate("a", { failure: refused }), candidate("b")];
  const once = createBalanced("I", () => [a, b], {}) as Goer;
  await assert.rejects(once.go(), refused);
  assert.equal(await once.go(), "b", "a is set aside");
  const anywhere = createBalanced("I", () => [a, b], { idempotent: ["go"] }) as Goer;
  assert.equal(await anywhere.go(7), "b");
  assert.deepEqual(b.calls.at(-1), [7]);
  const other = createBalanced("I", () => [a, b], { idempotent: ["stop"] }) as Goer;
  await assert.rejects(other.go(), refused);
  b.state.failure = new Error("its own fault");
  const failing = createBalanced("I", () => [b, a], { idempotent: true }) as Goer;
  await assert.rejects(failing.go(), b.state.failure);
  a.state.failure = new RemoteCallError("timeout", "late");
  b.state.failure = new RemoteCallError("timeout", "late");
  const twice = [a.calls.length, b.calls.length];
  await assert.rejects((createBalanced("I", () => [a, b], { idempotent: true }) as Goer).go());
  assert.deepEqual([a.calls.length, b.calls.length], twice.map((count) => count + 1));
  await assert.rejects((createBalanced("I", () => [], { policy: "all" }) as Goer).go());
  a.state.failure = b.state.failure = refused;
  await assert.rejects(
    (createBalanced("I", () => [a, b], { idempotent: true }) as Goer).go(),
    refused,
  );
  await assert.rejects((createBalanced("I", () => [], {}) as Goer).go(), { code: "endpoint-gone" });
});

Deno.test("an endpoint is passed over for a while, and not longer", async () => {
  const [a, b] = [candidate("a", { failure: refused }), candidate("b")];
  const proxy = createBalanced("I", () => [a, b], { idempotent: true, setAsideMs: 60_000 }) as Goer;
  assert.equal(await proxy.go(), "b");
  assert.equal(await proxy.go(), "b");
  assert.equal(a.calls.length, 1);
  const soon = createBalanced("I", () => [a, b], { idempotent: true, setAsideMs: 0 }) as Goer;
  await soon.go();
  delete a.state.failure;
  assert.equal(await soon.go(), "a");
  assert.throws(() => createBalanced("I", () => [], { setAsideMs: NaN }), RangeError);
});

Deno.test("real services are called by policy, and one that died is replaced", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  const start = async (name: string, ranking: number) => {
    const host = await remoteServices({ ...options, http: { port: 0 } });
    await host.register("my.Namer", { name: () => name }, {
      ...{ "service.exported.interfaces": "*", "service.ranking": ranking, name },
    });
    return host;
  };
  await using one = await start("one", 5);
  await using _two = await start("two", 1);
  await using peer: RemoteServices = await remoteServices(options);
  await peer.service("my.Namer", { filter: "(name=one)" });
  await peer.service("my.Namer", { filter: "(&(name=two)(service.ranking>=1))" });
  const best = await peer.service<Namer>("my.Namer", { policy: "best", idempotent: true });
  assert.equal(await best.name(), "one");
  const turns = await peer.service<Namer>("my.Namer", { policy: "round-robin" });
  assert.deepEqual(new Set([await turns.name(), await turns.name()]), new Set(["one", "two"]));
  const all = await peer.service<Namer>("my.Namer", { policy: "all" });
  assert.deepEqual((await all.name()).map((outcome) => Object(outcome).value), ["one", "two"]);
  await one.http?.close(); // its endpoint is still advertised
  assert.equal(await best.name(), "two");
  assert.equal(await best.name(), "two");
  assert.equal(peer.services("my.Namer").length, 2);
});

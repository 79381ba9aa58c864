import assert from "node:assert/strict";
import { SessionLease } from "../../../../src/discovery/etcd3/lease/session_lease.ts";
import { EtcdError } from "../../../../src/etcd/mod.ts";
import { EtcdModel } from "../../../support/etcd_model.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

/** A lease of 6 s on a model of etcd; `states` are its states in order. */
async function open() {
  const clock = new VirtualClock();
  const etcd = new EtcdModel({ clock });
  const states: string[] = [];
  const lease = new SessionLease({
    ttlSeconds: 6,
    clock,
    onChange: ({ kind }) => {
      if (states.at(-1) !== kind) states.push(kind);
    },
  });
  const link = await etcd.createConnector().connect();
  return { clock, etcd, lease, link, states };
}

Deno.test("SessionLease renews its lease for as long as it runs", async () => {
  const { clock, etcd, lease, link, states } = await open();
  const held = await lease.ensure(link);
  const stop = new AbortController();
  const running = lease.keepAlive(await link.lease.keepAlive(), stop.signal);
  await clock.advance(3_600_000);
  assert.deepEqual([...etcd.leases.keys()], [held.id]);
  assert.equal(lease.held, held);
  stop.abort();
  await running;
  assert.deepEqual(states, ["active"]);
});

Deno.test("SessionLease gives up a lease that etcd no longer knows, and grants another", async () => {
  const { clock, lease, link, states } = await open();
  const { id } = await lease.ensure(link);
  const stop = new AbortController();
  const running = lease.keepAlive(await link.lease.keepAlive(), stop.signal);
  await clock.advance(1500);
  await link.lease.revoke(id);
  await clock.advance(1500);
  assert.equal(lease.held, undefined);
  assert.notEqual((await lease.ensure(link)).id, id);
  await lease.revokeRetired(link);
  stop.abort();
  await running;
  assert.deepEqual(states, ["active", "lost", "active"]);
});

Deno.test("SessionLease asks once more when a young lease is called unknown", async () => {
  const { lease, link } = await open();
  const held = await lease.ensure(link);
  const answers = [0, 6];
  const stream = {
    renew: (id: bigint) => Promise.resolve({ id, ttlSeconds: answers.shift() ?? 0 }),
    cancel() {},
  };
  assert.equal(await lease.resume(stream), false);
  assert.equal(lease.held, held);
});

Deno.test("SessionLease is interrupted without a connection, overdue after its time, then lost", async () => {
  const { clock, lease, link, states } = await open();
  await lease.ensure(link);
  lease.disconnect();
  await clock.advance(5999);
  assert.equal(lease.state.kind, "interrupted");
  await clock.advance(1);
  assert.equal(lease.state.kind, "overdue");
  assert.equal(await lease.resume(await link.lease.keepAlive()), true);
  assert.deepEqual(states, ["active", "interrupted", "overdue", "lost"]);
});

Deno.test("SessionLease retires a lease that ended while the machine was suspended", async () => {
  const { clock, lease, link, states } = await open();
  const first = await lease.ensure(link);
  const stop = new AbortController();
  const running = lease.keepAlive(await link.lease.keepAlive(), stop.signal);
  clock.suspend(5999 - 2000); // it may still live when it is to be renewed
  await clock.advance(2000);
  assert.equal(lease.held, first);
  clock.suspend(6000);
  await clock.advance(2000);
  assert.equal(lease.held, undefined, "with its own connection");
  const second = await lease.ensure(link);
  lease.disconnect();
  clock.suspend(3_600_000);
  assert.equal(await lease.resume(await link.lease.keepAlive()), true, "with a new connection");
  assert.equal(lease.held, undefined);
  assert.deepEqual(lease.close(), [first.id, second.id], "both are to be revoked");
  stop.abort();
  await running;
  assert.deepEqual(states, ["active", "lost", "active", "interrupted", "lost", "closed"]);
});

Deno.test("SessionLease keeps its lease when a renewal fails, and throws the failure", async () => {
  const { clock, lease, link } = await open();
  const held = await lease.ensure(link);
  const stream = {
    renew: () => Promise.reject(new EtcdError("timeout", "no answer")),
    cancel() {},
  };
  const failed = assert.rejects(lease.keepAlive(stream, new AbortController().signal), {
    code: "timeout",
  });
  await clock.advance(2000);
  await failed;
  assert.equal(lease.held, held);
});

Deno.test("SessionLease stays closed and names the leases to revoke", async () => {
  const { clock, etcd, lease, link } = await open();
  const first = await lease.ensure(link);
  lease.lose(first);
  const second = await lease.ensure(link);
  assert.deepEqual(lease.close(), [first.id, second.id]);
  await lease.ensure(link);
  assert.equal(lease.held, undefined);
  assert.equal(lease.state.kind, "closed");
  assert.equal(clock.timerCount, etcd.leases.size, "no timer but those of etcd");
});

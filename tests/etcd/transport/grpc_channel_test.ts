import assert from "node:assert/strict";
import { resolveEtcdOptions } from "../../../src/etcd/options.ts";
import { GrpcChannel } from "../../../src/etcd/transport/mod.ts";
import { serveTcp } from "../../support/tcp_server.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** Empty settings of HTTP/2, with which a server begins. */
const SETTINGS = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);
const HOUR_MS = 3_600_000;

Deno.test("GrpcChannel.connect gives up by its clock, and the time of day may be set meanwhile", async () => {
  const clock = new VirtualClock();
  const isDialled = Promise.withResolvers<void>();
  await using server = serveTcp(async (connection) => {
    if (server.connections === 1) await connection.write(SETTINGS); // the address is found by it
    else isDialled.resolve();
    while (await connection.read(new Uint8Array(1000)) !== null);
  });
  const endpoint = `127.0.0.1:${server.port}`;
  const options = resolveEtcdOptions({ endpoints: endpoint, dialTimeoutMs: HOUR_MS });
  const { signal } = new AbortController();
  let isOver = false;
  const connecting = GrpcChannel.connect(endpoint, { options, signal, clock });
  const over = assert.rejects(connecting, {
    code: "unavailable",
    message: `Cannot connect to etcd at ${endpoint}: no answer within ${HOUR_MS} ms`,
  }).finally(() => isOver = true);
  await isDialled.promise;
  clock.suspend(2 * HOUR_MS);
  await clock.advance(HOUR_MS - 1);
  assert.equal(isOver, false);
  await clock.advance(1);
  await over;
});

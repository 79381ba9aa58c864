import assert from "node:assert/strict";
import { connect, Socket } from "node:net";
import { ClientConnection } from "../../../src/http/client/client_connection.ts";
import { OriginPool } from "../../../src/http/client/origin_pool.ts";
import { SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { serveTcp } from "../../support/tcp_server.ts";

/** Replaces the time-outs of sockets; returns their delays and functions. */
function captureTimeouts(): { delayMs: number; run: () => void }[] & Disposable {
  const timers: { delayMs: number; run: () => void }[] = [];
  const { setTimeout } = Socket.prototype;
  Socket.prototype.setTimeout = function (delayMs: number, run: () => void = () => {}) {
    timers.push({ delayMs, run });
    return this;
  };
  return Object.assign(timers, {
    [Symbol.dispose]() {
      Socket.prototype.setTimeout = setTimeout;
    },
  });
}

Deno.test("OriginPool closes what was idle for 4 seconds, with one timer", async () => {
  await using server = serveTcp(async (connection) => {
    await connection.read(new Uint8Array(1));
  });
  const sockets = [0, 1].map(() => connect({ host: "127.0.0.1", port: server.port }));
  using timers = captureTimeouts();
  let now = 0;
  const clock = { ...SYSTEM_CLOCK, now: () => now };
  const pool = new OriginPool(clock);
  for (const socket of sockets) {
    pool.onIdle(new ClientConnection(socket, pool, clock));
    now += 10;
  }
  const status =
    () => [sockets.map(({ destroyed }) => destroyed), timers.map((one) => one.delayMs)];
  assert.deepEqual(status(), [[false, false], [4000]]);
  now = 4000;
  timers.shift()?.run();
  assert.deepEqual(status(), [[true, false], [10]]);
  now = 4010;
  timers.shift()?.run();
  assert.deepEqual(status(), [[true, true], []]);
});

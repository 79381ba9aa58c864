import assert from "node:assert/strict";
import type { HttpListenOptions, HttpServer } from "../../../src/http/server/http_server.ts";
import { ServerKeeper } from "../../../src/http/server/server_keeper.ts";
import { SILENT } from "../../../src/util/mod.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** A listener that fails on request, and a keeper of it. */
function createKeeper() {
  const clock = new VirtualClock();
  const attempts: { readonly atMs: number; readonly port: number }[] = [];
  const logged: string[] = [];
  let fail: (error: unknown) => void = () => {};
  const control = { refusals: 0, fail: (error: unknown) => fail(error) };
  const listen = ({ port, onFailure }: HttpListenOptions): HttpServer => {
    attempts.push({ atMs: clock.now(), port });
    if (attempts.length > 1 && control.refusals-- > 0) throw new Error("Too many open files");
    fail = onFailure;
    return {
      port: port === 0 ? 8181 : port,
      running: 0,
      whenIdle: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      cut() {},
      reloadTls: undefined,
    };
  };
  const logger = { ...SILENT, error: (message: string) => void logged.push(message) };
  const keeper = new ServerKeeper(
    { hostname: "127.0.0.1", port: 0 },
    { listen, logger, clock },
    () => new Response(),
  );
  return { keeper, clock, attempts, logged, control };
}

Deno.test("ServerKeeper listens again on the same port, after 5 ms to 1 s, and logs it once", async () => {
  const { keeper, clock, attempts, logged, control } = createKeeper();
  await keeper.start();
  control.refusals = 10;
  control.fail(new Error("Too many open files"));
  assert.equal(keeper.state.kind, "recovering");
  await clock.advance(5000);
  assert.deepEqual(keeper.state, { kind: "listening", port: 8181 });
  assert.deepEqual(new Set(attempts.slice(1).map(({ port }) => port)), new Set([8181]));
  const waits = attempts.slice(1).map(({ atMs }, index) => atMs - (attempts[index]?.atMs ?? 0));
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
  control.fail(new Error("Too many open files")); // soon after: not logged again
  await clock.advance(2000);
  assert.deepEqual(logged, [
    "The HTTP server on port 8181 failed and listens again: Too many open files",
  ]);
  assert.equal(keeper.state.kind, "listening");
  await keeper.close(AbortSignal.abort());
});

Deno.test("ServerKeeper that is closed listens no more", async () => {
  const { keeper, clock, attempts, control } = createKeeper();
  await keeper.start();
  control.refusals = Infinity;
  control.fail(new Error("Too many open files"));
  await clock.advance(100);
  const before = attempts.length;
  await keeper.close(AbortSignal.abort());
  await clock.advance(10_000);
  assert.equal(attempts.length, before);
  assert.equal(keeper.state.kind, "closed");
});

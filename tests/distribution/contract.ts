import assert from "node:assert/strict";
import {
  currentCall,
  type DistributionProvider,
  RemoteCallError,
  RemoteFault,
} from "../../src/distribution/mod.ts";
import { SYSTEM_CLOCK } from "../../src/util/mod.ts";
import {
  aCall,
  type AnyProxy,
  createProxy,
  exportObject,
  importEndpoint,
} from "./provider_pair.ts";

/** Registers a test with a test runner: `Deno.test`, or `test` of `node:test` or `bun:test`. */
export type RegisterTest = (name: string, run: () => Promise<void>) => void;

/** The providers of two hosts that can reach each other. */
export interface DistributionWorld extends AsyncDisposable {
  readonly server: DistributionProvider;
  readonly client: DistributionProvider;
}

/** Values that a method throws, and the faults that they arrive as. */
const THROWN: readonly [create: () => unknown, faultCode: number, faultString: string][] = [
  [() => new RemoteFault(-5, "minus five"), -5, "minus five"],
  [() => new RemoteFault(-32_001, "not yours"), 1, "not yours"],
  [() => new RemoteFault(1.5, "no whole number"), 1, "no whole number"],
  [() => new RemoteFault(0, "zero"), 1, "zero"],
  [() => "no more tea", 1, "no more tea"],
  [() => 404, 1, "404"],
  [() => 5n, 1, "5"],
  [() => undefined, 1, "undefined"],
  [() => null, 1, "null"],
  [() => Symbol("s"), 1, "Symbol(s)"],
  [() => () => "the source", 1, "a function"],
  [() => ({ code: 42, message: "sold out" }), 42, "sold out"],
  [() => Object.freeze({ message: "sold out", code: 42, left: 0 }), 42, "sold out"],
  [() => ({ code: 42, message: "" }), 42, "The method failed"],
  [() => ({ code: 42 }), 42, '{"code":42}'],
  [() => ({ code: "E_SEVEN", message: "seven" }), 1, "seven"],
  [() => ({ code: -32_001, message: "reserved" }), 1, "reserved"],
  [() => ({ code: 2 ** 31, message: "too large" }), 1, "too large"],
  [() => ({ reason: "none" }), 1, '{"reason":"none"}'],
  [() => ({ big: 5n }), 1, "[object Object]"],
  [() => Object.assign(Object.create(null), { code: 9, message: "bare" }), 9, "bare"],
  [() => ["a", 1], 1, '["a",1]'],
  [() => ({ faultCode: 42, faultString: "sold out" }), 42, "sold out"],
  [() => ({ faultCode: -32_001, faultString: "reserved" }), 1, "reserved"],
  [() => new Date(0), 1, "1970-01-01T00:00:00.000Z"],
  [() => ({ code: 42, message: Object.create(null) }), 42, "The method failed"],
  [() => Object.defineProperty({}, "message", { get: fail }), 1, "{}"],
  [() => Object.defineProperty({ message: "words" }, "code", { get: fail }), 1, "words"],
  // The code of an error is that of a system or of a library, such as 20 of an AbortError.
  [() => Object.assign(new Error("sold out"), { code: 42 }), 1, "sold out"],
  [() => new DOMException("gone", "AbortError"), 1, "gone"],
  [() => new Error(""), 1, "The method failed"],
];

function fail(): never {
  throw new Error("a getter fails");
}

/** Methods that the tests call. */
class Target {
  readonly seen: unknown[] = [];
  readonly #unblock = Promise.withResolvers<string>();
  readonly #blocking = Promise.withResolvers<void>();

  echo(...parameters: unknown[]): unknown {
    this.seen.push(parameters);
    return parameters[0];
  }
  nothing(): void {}
  later(): Promise<string> {
    return Promise.resolve("later");
  }
  fails(): never {
    throw new TypeError("on purpose");
  }
  soldOut(): never {
    throw new RemoteFault(42, "sold out");
  }
  throwIt(index: number): never {
    throw THROWN[index]?.[0]();
  }
  nested(): never {
    throw new RemoteCallError("denied", "a call within the method was denied");
  }
  timeLeft(): number {
    const { deadlineMs = NaN, endpoint } = currentCall() ?? {};
    this.seen.push(endpoint?.id);
    return deadlineMs - SYSTEM_CLOCK.now();
  }
  generates(): Iterator<number> {
    return [1].values();
  }
  blocks(): Promise<string> {
    this.seen.push("blocks");
    this.#blocking.resolve();
    return this.#unblock.promise;
  }
  /** Resolves once {@link blocks} runs. */
  get blocking(): Promise<void> {
    return this.#blocking.promise;
  }
  unblock(): void {
    this.#unblock.resolve("unblocked");
  }
  _private(): string {
    return "private";
  }
}

/** What each test has: an exported object, its import and a proxy. */
interface Stage extends DistributionWorld, Awaited<ReturnType<typeof exportObject>> {
  readonly target: Target;
  readonly imported: ReturnType<typeof importEndpoint>;
  readonly proxy: AnyProxy;
}

/**
 * The contract of distribution providers as tests. Uses nothing but `node:assert`, so that it
 * runs on every runtime.
 *
 * @param name names the provider in the titles
 * @param open creates two hosts that can reach each other
 */
export function testDistributionContract(
  name: string,
  test: RegisterTest,
  open: () => Promise<DistributionWorld>,
): void {
  for (const [claim, run] of CLAIMS) {
    test(`${name} ${claim}`, async () => {
      await using world = await open();
      const target = new Target();
      const { exported, endpoint, url } = await exportObject(world.server, target);
      const imported = importEndpoint(world.client, endpoint);
      const proxy = createProxy(imported, endpoint);
      try {
        await run({
          ...world, // its disposal belongs to the block above
          [Symbol.asyncDispose]: () => Promise.resolve(),
          target,
          exported,
          endpoint,
          url,
          imported,
          proxy,
        });
      } finally {
        target.unblock();
        imported.close();
        await exported.close();
      }
    });
  }
}

/** Asserts how a call fails, with the details that every error has. */
async function assertFails(
  { endpoint }: Stage,
  method: string,
  call: Promise<unknown> | undefined,
  expected: Record<string, unknown>,
): Promise<void> {
  await assert.rejects(async () => await call, (error: unknown) => {
    assert.ok(error instanceof RemoteCallError, String(error));
    const { code, isExecuted, interfaceName, address, endpointId, attempt } = error;
    const details = {
      code,
      isExecuted,
      interfaceName,
      address,
      endpointId,
      attempt,
      method: error.method,
      ...(error instanceof RemoteFault
        ? { faultCode: error.faultCode, faultString: error.faultString }
        : {}),
    };
    assert.deepEqual(details, {
      interfaceName: "org.example.IAny",
      address: endpoint.containerId,
      method,
      endpointId: endpoint.id,
      attempt: 1,
      ...expected,
    });
    return true;
  });
}

const fault = (faultCode: number, faultString: string) => ({
  code: "fault",
  isExecuted: true,
  faultCode,
  faultString,
});

const CLAIMS: readonly [claim: string, run: (stage: Stage) => Promise<void>][] = [
  ["carries arguments and results", async ({ proxy }) => {
    const value = { text: "ä<&", number: 1.5, list: [1, "two", true], nothing: null };
    assert.deepEqual(await proxy.echo?.(value), value);
    assert.equal(await proxy.nothing?.(), null);
    assert.equal(await proxy.later?.(), "later");
  }],
  ["drops trailing undefined arguments", async ({ proxy, target }) => {
    await proxy.echo?.("x", undefined, undefined);
    assert.deepEqual(target.seen, [["x"]]);
  }],
  ["reports what a method throws as a fault", async (stage) => {
    const { proxy } = stage;
    await assertFails(stage, "fails", proxy.fails?.(), fault(1, "on purpose"));
    await assertFails(stage, "soldOut", proxy.soldOut?.(), fault(42, "sold out"));
  }],
  ["keeps the words of what a method throws, and codes of its own", async (stage) => {
    for (const [index, [, faultCode, faultString]] of THROWN.entries()) {
      const call = stage.proxy.throwIt?.(index);
      await assertFails(stage, "throwIt", call, fault(faultCode, faultString));
    }
  }],
  ["reports a call that failed within a method as a fault", async (stage) => {
    const words = "a call within the method was denied";
    await assertFails(stage, "nested", stage.proxy.nested?.(), fault(-32_000, words));
  }],
  ["refuses an iterator as a result with its kind", async (stage) => {
    const words = "The result can't be sent: it is an Array Iterator";
    await assertFails(stage, "generates", stage.proxy.generates?.(), fault(1, words));
  }],
  ["refuses unknown and private methods, and names the known ones", async (stage) => {
    const { imported, endpoint } = stage;
    for (const method of ["nope", "_private", "constructor", "toString", "then", "seen"]) {
      const call = imported.call(aCall(endpoint, { method }));
      await assertFails(stage, method, call, { code: "no-such-method", isExecuted: false });
      await assert.rejects(imported.call(aCall(endpoint, { method })), /echo, nothing, later/);
    }
  }],
  ["refuses calls of an endpoint that is not exported any more", async (stage) => {
    await stage.exported.close();
    await assertFails(stage, "echo", stage.proxy.echo?.(1), {
      code: "wrong-service",
      isExecuted: false,
    });
    assert.deepEqual(stage.target.seen, []);
  }],
  ["lets a running call end after its export is closed", async ({ exported, proxy, target }) => {
    const running = proxy.blocks?.();
    await target.blocking;
    await exported.close();
    target.unblock();
    assert.equal(await running, "unblocked");
  }],
  ["ends a call at its deadline", async (stage) => {
    const { imported, endpoint } = stage;
    const deadlineMs = SYSTEM_CLOCK.now() + 30;
    const call = imported.call(aCall(endpoint, { method: "blocks", deadlineMs }));
    await assertFails(stage, "blocks", call, { code: "timeout", isExecuted: "unknown" });
    await assert.rejects(call, /: no answer within \d+ ms$/);
  }],
  ["tells the method how long its caller waits", async ({ imported, endpoint, target }) => {
    const startMs = SYSTEM_CLOCK.now();
    const leftMs = await imported.call(
      aCall(endpoint, { method: "timeLeft", deadlineMs: startMs + 5000 }),
    );
    assert.ok(typeof leftMs === "number" && leftMs > 4000 && leftMs <= 5000, String(leftMs));
    assert.deepEqual(target.seen, [endpoint.id]);
  }],
  ["forwards calls through a gateway, with their faults and refusals", async (stage) => {
    const { server, client, proxy } = stage;
    const gateway = await exportObject(server, proxy, { remoteServiceId: 6 });
    const imported = importEndpoint(client, gateway.endpoint);
    const outer = createProxy(imported, gateway.endpoint);
    assert.equal(await outer.echo?.("through"), "through");
    await assert.rejects(async () => await outer.soldOut?.(), {
      name: "RemoteFault",
      faultCode: 42,
      faultString: "sold out",
    });
    await assert.rejects(async () => await outer.nope?.(), {
      code: "no-such-method",
      isExecuted: false,
    });
    imported.close();
    await gateway.exported.close();
  }],
  ["sends no call whose deadline is over", async (stage) => {
    const { imported, endpoint, target } = stage;
    const call = imported.call(aCall(endpoint, { deadlineMs: SYSTEM_CLOCK.now() - 1 }));
    await assertFails(stage, "echo", call, { code: "timeout", isExecuted: false });
    assert.deepEqual(target.seen, []);
  }],
  ["rethrows the reason of an aborted signal", async ({ imported, endpoint }) => {
    const stop = new AbortController();
    const call = imported.call(aCall(endpoint, { method: "blocks", signal: stop.signal }));
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(call, (error) => error === reason);
    const late = imported.call(aCall(endpoint, { signal: stop.signal }));
    await assert.rejects(late, (error) => error === reason);
  }],
  ["refuses an argument that can't be sent", async (stage) => {
    const call = stage.proxy.echo?.(() => {});
    await assertFails(stage, "echo", call, { code: "not-sendable", isExecuted: false });
    assert.deepEqual(stage.target.seen, []);
  }],
  ["ends running calls when the import is closed, and refuses later ones", async (stage) => {
    const running = stage.proxy.blocks?.();
    await stage.target.blocking;
    stage.imported.close();
    await assertFails(stage, "blocks", running, { code: "interrupted", isExecuted: "unknown" });
    await assertFails(stage, "echo", stage.proxy.echo?.(1), { code: "closed", isExecuted: false });
  }],
  ["passes headers and the signal to server interceptors", async ({ server, client }) => {
    const seen: unknown[] = [];
    const { endpoint, exported } = await exportObject(server, new Target(), {
      remoteServiceId: 5,
      interceptors: [(next) => (call) => {
        const { direction, interfaceName, method, parameters, signal, attempt } = call;
        const isOpen = signal !== undefined && !signal.aborted;
        seen.push([direction, interfaceName, method, parameters, call.headers["x-test"], isOpen]);
        assert.equal(call.endpoint.id, endpoint.id);
        assert.equal(attempt, 1);
        return next(call);
      }, (next) => async (call) => {
        if (call.headers["x-test"] !== "yes") {
          throw new RemoteCallError("denied", "Cannot call: not allowed");
        }
        return [await next(call)];
      }],
    });
    const imported = importEndpoint(client, endpoint);
    const headers = { "x-test": "yes" };
    assert.deepEqual(await imported.call(aCall(endpoint, { parameters: [1], headers })), [1]);
    assert.deepEqual(seen, [["incoming", "org.example.IAny", "echo", [1], "yes", true]]);
    await assert.rejects(imported.call(aCall(endpoint, {})), { code: "denied", isExecuted: false });
    imported.close();
    await exported.close();
  }],
];

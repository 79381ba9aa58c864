import assert from "node:assert/strict";
import {
  type CallInstrument,
  type CallTarget,
  createInvoker,
  createMethodTable,
  currentCall,
  type Interceptor,
  type ReceivedCall,
} from "../../src/distribution/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";

const endpoint = anEndpoint({ id: "the endpoint" });

const RECEIVED = {
  headers: {},
  signal: undefined,
  deadlineMs: undefined,
  principal: undefined,
};

/** Runs a method of a service as a received call. */
function invoke(
  service: object,
  method: string,
  members: Partial<ReceivedCall> = {},
  interceptors: readonly Interceptor[] = [],
): unknown {
  const methods = createMethodTable(service);
  return createInvoker({ methods, interceptors, getEndpoint: () => endpoint })({
    method,
    parameters: [],
    headers: {},
    signal: undefined,
    deadlineMs: undefined,
    principal: undefined,
    ...members,
  });
}

Deno.test("currentCall returns the call of a method up to its first await", async () => {
  const seen: unknown[] = [];
  const service = {
    async ask() {
      seen.push([currentCall()?.principal, currentCall()?.headers, currentCall()?.interfaceName]);
      await null;
      seen.push(currentCall());
    },
    inner: () => currentCall()?.method,
    outer: () => [invoke(service, "inner"), currentCall()?.method],
  };
  assert.equal(currentCall(), undefined);
  await invoke(service, "ask", { principal: "me", headers: { a: "b" } });
  assert.deepEqual(seen, [["me", { a: "b" }, "org.example.IAny"], undefined]);
  assert.deepEqual(invoke(service, "outer"), ["inner", "outer"]);
  assert.equal(currentCall(), undefined);
});

Deno.test("createInvoker asks for headers, signal and deadline only if the method does", () => {
  const asked: string[] = [];
  const ask = (name: string) => void asked.push(name);
  const received: ReceivedCall = {
    method: "ping",
    parameters: [],
    principal: undefined,
    get headers() {
      ask("headers");
      return {};
    },
    get signal() {
      return ask("signal");
    },
    get deadlineMs() {
      return ask("deadlineMs");
    },
  };
  const methods = createMethodTable({ ping: () => "pong", late: () => currentCall()?.deadlineMs });
  const run = createInvoker({ methods, interceptors: [], getEndpoint: () => endpoint });
  assert.equal(run(received), "pong");
  assert.deepEqual(asked, []);
  run(Object.create(received, { method: { value: "late" } }));
  assert.deepEqual(asked, ["deadlineMs"]);
});

Deno.test("currentCall is valid through awaits with asyncContext, for each call its own", async () => {
  const service = {
    async ask(name: string) {
      await Promise.resolve();
      const before = currentCall()?.principal;
      await new Promise((resolve) => setTimeout(resolve, 0));
      return [name, before, currentCall()?.principal];
    },
    async outer() {
      await null;
      return [await invoke({ inner: async () => [await null, currentCall()] }, "inner")];
    },
  };
  const methods = createMethodTable(service);
  const options = { methods, interceptors: [], getEndpoint: () => endpoint, asyncContext: true };
  const run = createInvoker(options);
  const call = (method: string, principal: string) =>
    run({ ...RECEIVED, method, principal, parameters: [principal] });
  assert.deepEqual(await Promise.all([call("ask", "ada"), call("ask", "bob")]), [
    ["ada", "ada", "ada"],
    ["bob", "bob", "bob"],
  ]);
  // The inner host has no asyncContext: its method must not see the call around it.
  assert.deepEqual(await call("outer", "ada"), [[null, undefined]]);
  assert.equal(currentCall(), undefined);
});

Deno.test("currentCall has neither signal nor headers until a method asks for them", () => {
  let asked = 0;
  const methods = createMethodTable({ quick: () => 1, slow: () => currentCall()?.signal?.aborted });
  const run = createInvoker({ methods, interceptors: [], getEndpoint: () => endpoint });
  const received = (method: string): ReceivedCall => ({
    method,
    parameters: [],
    deadlineMs: undefined,
    principal: undefined,
    get signal() {
      asked++;
      return AbortSignal.abort();
    },
    get headers() {
      asked++;
      return {};
    },
  });
  assert.equal(run(received("quick")), 1);
  assert.equal(asked, 0);
  assert.equal(run(received("slow")), true);
  assert.equal(asked, 1);
});

Deno.test("A server interceptor may spread the call, and runs before the method is looked up", async () => {
  const refuse: Interceptor = (next) => (call) => next({ ...call, method: "real" });
  const service = { real: () => currentCall()?.headers.a };
  assert.equal(await invoke(service, "alias", { headers: { a: "b" } }, [refuse]), "b");
  await assert.rejects(async () => await invoke(service, "alias"), { code: "no-such-method" });
});

Deno.test("A method may return any thenable", async () => {
  const thenable = { then: (resolve: (value: string) => void) => resolve("later") };
  assert.equal(await invoke({ run: () => thenable }, "run"), "later");
});

Deno.test("A generator as a result is refused with its kind", async () => {
  const services = {
    *numbers() {
      yield 1;
    },
    async *later() {
      yield await Promise.resolve(1);
    },
    entries: () => new Map([[1, 2]]).entries(),
    values: async () => (await Promise.resolve([1])).values(),
    ordinary: () => ({ next: 1 }),
  };
  const failure = async (method: string) => {
    try {
      return await invoke(services, method);
    } catch (error) {
      return String(error);
    }
  };
  assert.match(String(await failure("numbers")), /result of numbers: it is a Generator; return an/);
  assert.match(String(await failure("later")), /AsyncGenerator/);
  assert.match(String(await failure("entries")), /Map Iterator/);
  assert.match(String(await failure("values")), /Array Iterator/);
  assert.deepEqual(await failure("ordinary"), { next: 1 });
});

Deno.test("createInvoker() reports to an instrument which names are methods; a gateway may not know", async () => {
  const forward = () => Promise.resolve(1);
  const get = () => forward; // a gateway passes every name on
  const begun: boolean[] = [];
  const instrument: CallInstrument = {
    isActive: true,
    begin: (call, isKnownMethod) => {
      begun.push(isKnownMethod);
      return { end() {}, fail() {}, run: (next) => next(call) };
    },
  };
  const isKnown = async (methods: CallTarget["methods"], method: string) => {
    const target = { methods, interceptors: [], instrument, getEndpoint: () => endpoint };
    const run = async () => await createInvoker(target)({ ...RECEIVED, method, parameters: [] });
    await run().catch(() => {}); // the service has no such method
    return begun.pop();
  };
  const service = createMethodTable({ real: () => 1 });
  assert.deepEqual([await isKnown(service, "real"), await isKnown(service, "other")], [
    true,
    false,
  ]);
  const gateway = { get, forward, names: ["real"] };
  assert.deepEqual([await isKnown(gateway, "real"), await isKnown(gateway, "other")], [
    true,
    false,
  ]);
  assert.equal(await isKnown({ get, forward, names: undefined }, "real"), false);
});

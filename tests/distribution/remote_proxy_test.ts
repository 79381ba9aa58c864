import assert from "node:assert/strict";
import { inspect } from "node:util";
import { expect as chaiExpect } from "chai";
import { expect } from "expect";
import lodash from "lodash";
import { from, isObservable, lastValueFrom, map, of, switchMap } from "rxjs";
import {
  createRemoteProxy,
  getRemoteCaller,
  type RemoteAttemptOptions,
  type RemoteCaller,
  withOptions,
} from "../../src/distribution/mod.ts";

type Anything = Record<PropertyKey, unknown>;
type Methods = Record<string, (...parameters: unknown[]) => Promise<unknown>>;

/** Creates a proxy that records its calls; an unhandled rejection fails the test. */
function createRecorder(methodNames?: readonly string[]) {
  const calls: [method: string, parameters: readonly unknown[], options: RemoteAttemptOptions][] =
    [];
  const caller: RemoteCaller = {
    label: "com.example.Any at http://127.0.0.1:1/",
    methodNames,
    call: (method, parameters, options) => {
      calls.push([method, parameters, options]);
      return Promise.reject(new Error(`${method} was called`));
    },
  };
  return { calls, proxy: createRemoteProxy(caller) as Methods & Anything };
}

/** Uses of a proxy as a value; each may throw, none may call a method. */
const USES: readonly [title: string, use: (proxy: Methods & Anything) => unknown][] = [
  ["awaiting it", async (proxy) => assert.equal(await proxy, proxy)],
  ["resolving with it", async (proxy) => assert.equal(await Promise.resolve(proxy), proxy)],
  ["a template", (proxy) => assert.match(`${proxy}`, /^Remote\(com\.example\.Any at http/)],
  ["Deno.inspect", (proxy) => assert.match(Deno.inspect(proxy), /Remote/)],
  ["Deno.inspect of the proxy", (proxy) => Deno.inspect(proxy, { showProxy: true })],
  ["util.inspect", (proxy) => assert.match(inspect(proxy), /Remote/)],
  ["util.inspect of the proxy", (proxy) => inspect(proxy, { showProxy: true, showHidden: true })],
  ["JSON.stringify", (proxy) => assert.equal(JSON.stringify({ proxy }), '{"proxy":{}}')],
  ["structuredClone", (proxy) => assert.throws(() => structuredClone(proxy))],
  ["instanceof", (proxy) => assert.equal((proxy as object) instanceof Error, false)],
  ["typeof and comparing", (proxy) => assert.ok(typeof proxy === "object" && proxy === proxy)],
  ["spreading it", (proxy) => ({ ...proxy })],
  ["for in", (proxy) => {
    for (const name in proxy) assert.equal(typeof name, "string");
  }],
  ["for of", (proxy) => assert.throws(() => [...proxy as unknown as unknown[]])],
  ["a number", (proxy) => assert.equal(+(proxy as unknown as number), NaN)],
  ["Object.keys", (proxy) => Object.keys(proxy)],
  ["Object.freeze", (proxy) => assert.throws(() => Object.freeze(proxy))],
  ["defineProperty", (proxy) => {
    assert.throws(() => Object.defineProperty(proxy, "x", { value: 1 }), TypeError);
  }],
  ["assigning", (proxy) => assert.throws(() => proxy.x = 1 as never, TypeError)],
  ["deleting", (proxy) => assert.throws(() => delete proxy.greet, TypeError)],
  ["setPrototypeOf", (proxy) => assert.throws(() => Object.setPrototypeOf(proxy, {}))],
  ["Array.isArray", (proxy) => assert.equal(Array.isArray(proxy), false)],
  ["Object.prototype.toString", (proxy) => {
    assert.equal(Object.prototype.toString.call(proxy), "[object Remote]");
  }],
  ["assert.deepEqual", (proxy) => assert.deepEqual({ proxy }, { proxy })],
  ["a failing assert.deepEqual", (proxy) => assert.throws(() => assert.deepEqual(proxy, { a: 1 }))],
  ["a Map and a Set", (proxy) => assert.ok(new Map([[proxy, 1]]).has(proxy) && new Set([proxy]))],
  ["an Error's cause", (proxy) => inspect(new Error("x", { cause: proxy }))],
  ["addEventListener", (proxy) => {
    const target = new EventTarget();
    target.addEventListener("x", proxy as unknown as EventListenerObject);
    target.dispatchEvent(new Event("x"));
  }],
  ["Response and ReadableStream", (proxy) => {
    new Response(proxy as unknown as string);
    assert.throws(() => ReadableStream.from(proxy as unknown as Iterable<unknown>));
  }],
  ["expect's matchers", (proxy) => {
    expect(proxy).toBe(proxy);
    expect({ proxy }).toEqual({ proxy });
    expect(proxy).toBeDefined();
    expect(proxy).not.toEqual({ a: 1 });
    expect(proxy).not.toBeInstanceOf(Error);
  }],
  ["expect's messages", (proxy) => {
    for (
      const check of [
        () => expect(proxy).toBe(1),
        () => expect(proxy).toEqual({ a: 1 }),
        () => expect({ a: 1 }).toStrictEqual(proxy),
        () => expect([proxy]).toContain(1),
        () => expect({ proxy }).toMatchObject({ proxy: { a: 1 } }),
        () => expect(proxy).toHaveProperty("a.b"),
        () => expect(proxy).toHaveLength(3),
        () => expect(proxy).toThrow(),
        () => expect(proxy).toBeNull(),
      ]
    ) assert.throws(check);
  }],
  ["expect's promises", async (proxy) => {
    await expect(Promise.resolve(proxy)).resolves.toBe(proxy);
    await assert.rejects(async () => await expect(proxy).resolves.toBe(1));
  }],
  ["chai's matchers", (proxy) => {
    chaiExpect(proxy).to.equal(proxy);
    chaiExpect({ proxy }).to.deep.equal({ proxy });
    chaiExpect(proxy).to.be.an("Remote");
    chaiExpect(proxy).to.not.deep.equal({ a: 1 });
    chaiExpect(proxy).to.not.be.instanceOf(Error);
  }],
  ["chai's messages", (proxy) => {
    for (
      const check of [
        () => chaiExpect(proxy).to.equal(1),
        () => chaiExpect(proxy).to.deep.equal({ a: 1 }),
        () => chaiExpect([proxy]).to.include(1),
        () => chaiExpect(proxy).to.have.property("a.b"),
        () => chaiExpect(proxy).to.throw(),
        () => chaiExpect(proxy).to.have.lengthOf(2),
      ]
    ) assert.throws(check);
  }],
  ["rxjs from", (proxy) => assert.throws(() => from(proxy as never).subscribe())],
  ["rxjs isObservable", (proxy) => assert.equal(isObservable(proxy), false)],
  ["rxjs map", async (proxy) => {
    assert.equal(await lastValueFrom(of(1).pipe(map(() => proxy))), proxy);
  }],
  ["rxjs switchMap", async (proxy) => {
    await assert.rejects(lastValueFrom(of(1).pipe(switchMap(() => proxy as never))));
  }],
  ["lodash", (proxy) => {
    lodash.cloneDeep({ proxy });
    lodash.clone(proxy);
    lodash.isEqual({ proxy }, { proxy: createRecorder().proxy });
    lodash.merge({}, { proxy }, { proxy: { a: 1 } });
    lodash.isEmpty(proxy);
    lodash.isPlainObject(proxy);
    lodash.isElement(proxy);
    lodash.isArrayLike(proxy);
    lodash.toPlainObject(proxy);
    lodash.size(proxy);
    lodash.toString(proxy);
    lodash.flattenDeep([[proxy]]);
    lodash.defaultsDeep({}, { proxy });
    lodash.matches({ proxy })({ proxy });
    lodash.values(proxy);
  }],
];

const PROBED = [
  ..."then catch finally toJSON toString valueOf constructor prototype __proto__ inspect".split(
    " ",
  ),
  ..."asymmetricMatch getReader handleEvent nodeType nodeName tagName $$typeof".split(" "),
  ..."@@iterator @@observable @@__IMMUTABLE_ITERABLE__@@ _isMockFunction hasAttribute".split(" "),
  ..."lift isEqualNode #private _private a-b a.b".split(" "),
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.toPrimitive,
  Symbol.species,
  Symbol.hasInstance,
  Symbol.isConcatSpreadable,
  Symbol.for("observable"),
  Symbol.dispose,
];

for (const names of [undefined, ["greet", "add"]]) {
  const kind = names === undefined ? "without method names" : "with method names";
  for (const [title, use] of USES) {
    Deno.test(`Remote proxy ${kind} makes no call by ${title}`, async () => {
      const { calls, proxy } = createRecorder(names);
      await use(proxy);
      await new Promise((resolve) => setTimeout(resolve, 0)); // reports unhandled rejections
      assert.deepEqual(calls, []);
    });
  }
  Deno.test(`Remote proxy ${kind} has no member that libraries look for`, () => {
    const { proxy } = createRecorder(names);
    for (const name of PROBED) {
      const member = proxy[name as string];
      assert.ok(name === "toString" || member === undefined, String(name));
      assert.equal(name in proxy, false, String(name));
    }
  });
  Deno.test(`Remote proxy ${kind} has the same function for a method each time`, async () => {
    const { calls, proxy } = createRecorder(names);
    assert.equal(proxy.greet, proxy.greet);
    assert.equal("greet" in proxy, true);
    const { greet } = proxy;
    await assert.rejects(greet?.("you") ?? Promise.resolve(), /greet was called/);
    assert.deepEqual(calls, [["greet", ["you"], {}]]);
  });
}

Deno.test("Remote proxy with method names has exactly these methods", async () => {
  const { calls, proxy } = createRecorder(["greet", "inspect"]);
  assert.deepEqual(Object.keys(proxy), ["greet", "inspect"]);
  assert.equal("nope" in proxy, false);
  await assert.rejects(async () => await proxy.gret?.(), {
    name: "RemoteCallError",
    code: "no-such-method",
    isExecuted: false,
    message: "Cannot call gret of com.example.Any at http://127.0.0.1:1/: " +
      "it has the methods greet, inspect; did you mean greet?",
  });
  assert.deepEqual(calls, []);
  await assert.rejects(async () => await proxy.inspect?.(), /inspect was called/);
});

Deno.test("Remote proxy drops trailing undefined arguments only", async () => {
  const { calls, proxy } = createRecorder();
  for (const list of [["x", undefined], [undefined, "x", undefined, undefined], [undefined], []]) {
    await proxy.find?.(...list).catch(() => {});
  }
  assert.deepEqual(calls.map(([, parameters]) => parameters), [["x"], [undefined, "x"], [], []]);
});

Deno.test("withOptions returns a proxy whose calls have the options, and leaves the first", async () => {
  const { calls, proxy } = createRecorder();
  const [one, two] = [new AbortController(), new AbortController()];
  const quick = withOptions(proxy, {
    timeoutMs: 500,
    signal: one.signal,
    headers: { a: "1", b: "1" },
    idempotent: true,
  });
  const quicker = withOptions(quick, { timeoutMs: 100, signal: two.signal, headers: { b: "2" } });
  assert.equal(quick.greet, quick.greet);
  for (const each of [proxy, quick, quicker]) await each.greet?.().catch(() => {});
  const [plain, first, second] = calls.map(([, , options]) => options);
  assert.deepEqual(plain, {});
  assert.equal(first?.signal, one.signal);
  assert.deepEqual([first?.timeoutMs, first?.headers, first?.idempotent], [
    500,
    { a: "1", b: "1" },
    true,
  ]);
  assert.deepEqual([second?.timeoutMs, second?.headers, second?.idempotent], [
    100,
    { a: "1", b: "2" },
    true,
  ]);
  one.abort();
  assert.equal(second?.signal?.aborted, true);
});

Deno.test("withOptions takes signal and deadline from an incoming call, not its headers", async () => {
  const { calls, proxy } = createRecorder();
  const { signal } = new AbortController();
  const incoming = {
    direction: "incoming",
    headers: { authorization: "secret" },
    signal,
    deadlineMs: 5,
    endpoint: {},
  };
  await withOptions(proxy, incoming as object).greet?.().catch(() => {});
  const [[, , options] = []] = calls;
  assert.deepEqual(
    [options?.signal, options?.deadlineMs, options?.headers],
    [signal, 5, undefined],
  );
});

Deno.test("withOptions sends headers by their names in lower case", async () => {
  const { calls, proxy } = createRecorder();
  const outer = withOptions(proxy, { headers: { "X-Tenant": "a" } });
  await withOptions(outer, { headers: { "x-tenant": "b" } }).greet?.().catch(() => {});
  assert.deepEqual(calls[0]?.[2].headers, { "x-tenant": "b" });
});

Deno.test("withOptions refuses what it can't use", () => {
  assert.throws(() => withOptions(Promise.resolve({}), { timeoutMs: 5 }), {
    name: "TypeError",
    message: "Cannot set call options: it is a promise; await it",
  });
  const { proxy } = createRecorder();
  assert.throws(() => withOptions({}, {}), /the object is not a proxy of a remote service/);
  assert.throws(() => withOptions(proxy, { timeout: 1 } as never), /did you mean timeoutMs\?/);
  for (const timeoutMs of [-1, 0, NaN, "5", null, 1e10]) {
    assert.throws(() => withOptions(proxy, { timeoutMs } as never), RangeError, String(timeoutMs));
  }
  for (const deadlineMs of [NaN, "5", Date.now() + 500]) {
    assert.throws(() => withOptions(proxy, { deadlineMs } as never), {
      name: "RangeError",
      message: `Cannot use deadlineMs ${deadlineMs === "5" ? '"5"' : deadlineMs}: give a time on ` +
        "the clock of performance.now()",
    });
  }
  const headers = [5, [["a", "b"]], new Headers({ a: "b" }), new Map([["a", "b"]]), { a: 5 }];
  const invalid = [
    ...headers.map((headers) => ({ headers })),
    { signal: {} },
    { signal: 5 },
    { idempotent: "greet" },
    { idempotent: [5] },
    null,
    5,
  ];
  for (const options of invalid) {
    assert.throws(() => withOptions(proxy, options as never), TypeError, JSON.stringify(options));
  }
  assert.throws(() => withOptions(proxy, undefined as never), {
    message: "Cannot use undefined as call options: currentCall() has no call after the first " +
      "await; call it before, or set asyncContext",
  });
  assert.equal(getRemoteCaller({}), undefined);
});

import assert from "node:assert/strict";
import { RemoteFault } from "../../../mod.ts";
import { inProcess } from "../../../src/distribution/in_process/mod.ts";
import { SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { LogRecorder } from "../../support/events.ts";
import { createProxy, exportObject, importEndpoint } from "../provider_pair.ts";

/** Calls a method. Returns its fault and what the exporter logged. */
async function callIt(getIt: () => unknown): Promise<{ fault: unknown; logged: string[] }> {
  const logger = new LogRecorder();
  const provider = inProcess()({ logger, clock: SYSTEM_CLOCK, timeoutMs: 1000 });
  const { exported, endpoint } = await exportObject(provider, { getIt });
  const imported = importEndpoint(provider, endpoint);
  const proxy = createProxy(imported, endpoint);
  const fault = await proxy.getIt?.().then((result) => assert.fail(`${result}`), (error) => error);
  imported.close();
  await exported.close();
  return { fault, logged: logger.all };
}

Deno.test("inProcess logs results that can't be sent with details that the caller does not receive", async () => {
  const cases: [create: () => unknown, reason: string, logged: RegExp][] = [
    // The words of structuredClone are those of the runtime.
    [() => () => 1, "structuredClone refuses it", /; return data: .*be cloned/],
    [() => ({ at: Symbol("s") }), "structuredClone refuses it", /; return data: ./],
    [() => [1].values(), "it is an Array Iterator", /it is an Array Iterator; return an array$/],
    [async function* () {}, "it is an AsyncGenerator", /an AsyncGenerator; return an array$/],
  ];
  for (const [create, reason, expected] of cases) {
    const { fault, logged } = await callIt(create);
    assert.ok(fault instanceof RemoteFault);
    assert.deepEqual([fault.faultCode, fault.message], [1, `The result can't be sent: ${reason}`]);
    assert.equal(logged.length, 1);
    assert.match(
      logged[0] ?? "",
      /^warn getIt of org\.example\.IAny failed: Cannot send the result/,
    );
    assert.match(logged[0] ?? "", expected);
  }
});

Deno.test("inProcess logs errors and replaced fault codes, as XML-RPC does", async () => {
  const error = await callIt(() => Promise.reject(new TypeError("on purpose")));
  assert.deepEqual(error.logged, ["warn getIt of org.example.IAny failed: on purpose"]);
  for (const [thrown, words] of [["text", "text"], [undefined, "undefined"], [17, "17"]]) {
    const { logged } = await callIt(() => Promise.reject(thrown));
    assert.deepEqual(logged, [`warn getIt of org.example.IAny failed: ${words}`]);
  }
  const own = await callIt(() => Promise.reject(new RemoteFault(42, "sold out")));
  assert.deepEqual(own.logged, []);
  for (const code of [0, -32_001, 1.5]) {
    for (const thrown of [new RemoteFault(code, "words"), { code, message: "words" }]) {
      const { logged } = await callIt(() => Promise.reject(thrown));
      assert.deepEqual(logged, [
        `warn getIt of org.example.IAny threw the fault code ${code}, in place of which 1 is ` +
        "sent: use a whole number of 32 bits other than 0 and -32099 to -32000",
      ]);
    }
  }
});

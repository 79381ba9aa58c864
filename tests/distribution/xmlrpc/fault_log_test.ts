import assert from "node:assert/strict";
import { HttpService, RemoteFault, XmlRpcExportProvider } from "../../../mod.ts";
import { XmlRpcClient, type XmlRpcFault } from "../../../src/xmlrpc/mod.ts";
import { LogRecorder } from "../../support/events.ts";
import { exportObject } from "../provider_pair.ts";

class Point {
  x = 1;
}

/** Results that can't be sent: what the caller reads, and what the log has. */
const RESULTS: readonly [create: () => unknown, reason: string, logged: RegExp][] = [
  [() => 2 ** 40, "result is 1099511627776, which needs more than 32 bits", /use i8\(\) or/],
  [() => ({ at: [NaN] }), "result.at[0] is NaN", /result\.at\[0\].*send a finite number/],
  [() => new Point(), "result is a Point", /it is a Point; send a plain object/],
  [() => new ReadableStream(), "result is a ReadableStream", /ReadableStream; send an array/],
  [() => () => 1, "result is a function", /it is a function; send data/],
  [() => Symbol("s"), "result is a symbol", /it is a symbol/],
  [() => new Map([[1, 2]]), "result is a map with a key that is not a string", /use strings/],
  [() => 2n ** 63n, "result is 9223372036854775808 as i8", /a whole number of 64 bits/],
  [() => new Date(NaN), "result is Invalid Date", /send a date of the years/],
  [() => [[1].values()], "result[0] is an Array Iterator", /an Array Iterator; send an array/],
  [() => ({ *[Symbol.iterator]() {} }), "result is an iterable", /an iterable; send an array/],
  [() => ({ async *[Symbol.asyncIterator]() {} }), "result is an iterable", /an iterable/],
  [() => [1].values(), "it is an Array Iterator", /an Array Iterator; return an array/],
  [function* () {}, "it is a Generator", /it is a Generator; return an array/],
  [async function* () {}, "it is an AsyncGenerator", /it is an AsyncGenerator; return an array/],
  [async () => await Promise.resolve(() => 1), "result is a function", /it is a function/],
];

/** Exports methods and calls them; returns the faults. */
async function callAll(
  methods: Record<string, () => unknown>,
  options: { readonly errorDetail?: "none"; readonly logger: LogRecorder },
): Promise<XmlRpcFault[]> {
  await using http = new HttpService({ port: 0 });
  const exports = new XmlRpcExportProvider(http, options);
  const { exported, url } = await exportObject({ exports }, methods);
  const client = new XmlRpcClient(url);
  const faults: XmlRpcFault[] = [];
  for (const name of Object.keys(methods)) {
    faults.push(await client.call(`3.${name}`).then(() => assert.fail(name), (fault) => fault));
  }
  await exported.close();
  return faults;
}

Deno.test("A result that can't be sent is logged with advice, which its caller does not read", async () => {
  for (const [create, reason, logged] of RESULTS) {
    const logger = new LogRecorder();
    const [fault] = await callAll({ getIt: create }, { logger });
    assert.equal(fault?.faultString, `The result can't be sent: ${reason}`);
    assert.equal(fault?.faultCode, 1);
    assert.equal(logger.all.length, 1);
    assert.match(logger.all[0] ?? "", /^warn getIt of org\.example\.IAny failed: Cannot send/);
    assert.match(logger.all[0] ?? "", logged);
    const [silent] = await callAll({ getIt: create }, { logger, errorDetail: "none" });
    assert.equal(silent?.faultString, "The method failed");
  }
});

Deno.test("A thrown value that is neither an error nor a fault is logged", async () => {
  for (const thrown of ["text", undefined, null, 17, { why: "full" }]) {
    for (const options of [{}, { errorDetail: "none" }] as const) {
      const logger = new LogRecorder();
      await callAll({ fail: () => Promise.reject(thrown) }, { logger, ...options });
      assert.equal(logger.all.length, 1, String(thrown));
      assert.match(logger.all[0] ?? "", /^warn fail of org\.example\.IAny failed: ./);
    }
  }
});

Deno.test("A fault code that is replaced is logged, others are not", async () => {
  const codes = [0, -32_000, -32_001, -32_099, 1.5, NaN, Infinity, 2 ** 31, "7"];
  for (const code of codes) {
    for (const thrown of [new RemoteFault(code as number, "words"), { code, message: "words" }]) {
      if (typeof code === "string" && !(thrown instanceof RemoteFault)) continue;
      const logger = new LogRecorder();
      const [fault] = await callAll({ fail: () => Promise.reject(thrown) }, { logger });
      assert.deepEqual([fault?.faultCode, fault?.faultString], [1, "words"], String(code));
      assert.deepEqual(logger.all, [
        `warn fail of org.example.IAny threw the fault code ${code}, in place of which 1 is sent: ` +
        "use a whole number of 32 bits other than 0 and -32099 to -32000",
      ]);
    }
  }
  for (const code of [1, 42, -5, -31_999, -32_100, 2 ** 31 - 1]) {
    const logger = new LogRecorder();
    const fail = () => Promise.reject(new RemoteFault(code, "words"));
    const [fault] = await callAll({ fail }, { logger });
    assert.equal(fault?.faultCode, code);
    assert.deepEqual(logger.all, []);
  }
});

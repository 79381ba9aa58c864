import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { parseExactJson, toJsonText } from "../../src/util/mod.ts";

Deno.test("toJsonText has a form for what JSON lacks, at any depth", () => {
  const value = {
    big: 2n ** 64n,
    bytes: [Uint8Array.of(1, 2), Buffer.from([1, 2])],
    map: new Map([["a", new Set([1n])]]),
    date: new Date(0),
    left: undefined,
  };
  assert.equal(
    toJsonText(value),
    '{"big":"18446744073709551616","bytes":["AQI=","AQI="],"map":{"a":["1"]},' +
      '"date":"1970-01-01T00:00:00.000Z"}',
  );
  assert.equal(toJsonText(undefined), "null");
  assert.equal(toJsonText([1], 2), "[\n  1\n]");
});

Deno.test("parseExactJson reads whole numbers exactly, at any place", () => {
  const big = 9007199254740993n;
  for (const text of [`${big}`, ` ${big} `, `-${big}`]) {
    assert.equal(parseExactJson(text), BigInt(text), text);
  }
  assert.deepEqual(parseExactJson(`[${big},{"a":[1, ${big}]},"${big}"]`), [
    big,
    { a: [1, big] },
    String(big),
  ]);
  assert.equal(parseExactJson(`[1${"0".repeat(30)}]`)?.toString(), `1${"0".repeat(30)}`);
  assert.deepEqual(parseExactJson("[9007199254740991,1e20,0.12345678901234567]"), [
    9007199254740991,
    1e20,
    0.12345678901234567,
  ]);
  assert.throws(() => parseExactJson(`[${big}`), SyntaxError);
});

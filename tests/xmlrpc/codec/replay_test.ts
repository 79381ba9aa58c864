import assert from "node:assert/strict";
import fc from "../../support/fast_check.ts";
import { createRandom } from "../../../scripts/random.ts";
import { createDocument, mutate } from "../../../scripts/xmlrpc/mutate.ts";
import { check } from "../../../scripts/xmlrpc/oracle.ts";
import { readMethodResponse } from "../../../src/xmlrpc/codec/mod.ts";
import { encodeMethodResponse } from "../../../src/xmlrpc/mod.ts";

Deno.test("Replay returns what the plain decoder returns, for the fuzzer's documents", () => {
  const random = createRandom(20261125);
  let read = 0;
  for (let index = 0; index < 20_000; index++) {
    // check() throws if the two decoders differ in a value or in an error.
    if (check(mutate(random, createDocument(random)))) read++;
  }
  assert.ok(read > 400, `${read} read`);
});

Deno.test("Replay returns what the plain decoder returns, for rows with small differences", () => {
  const scalar = fc.constantFrom<unknown>("", "a", 1, -5, 0.5, true, null, 7n, new Date(0), [], {});
  const row = fc.tuple(scalar, scalar, scalar).chain(([a, b, c]) =>
    fc.constantFrom<unknown>({ a, b, c }, { a, c, b }, { a, b }, { a: { a, b }, b }, [a, b], a)
  );
  const document = fc.array(row, { minLength: 2, maxLength: 12 }).map((rows) =>
    encodeMethodResponse(rows)
  );
  const damage = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replace("<value>", "<value ><!-- x -->"),
    (text) => text.replace(/<string>([^<]*)<\/string>/, "$1"),
    (text) => text.replace("</member>", " </member>"),
    (text) => text.replaceAll("<string></string>", "<string/>"),
    (text) => text.replace(/<name>b<\/name>(?!.*<name>b)/, "<name>a</name>"),
    (text) => text.replace(/<int>1<\/int>(?!.*<int>1)/, "<int>x</int>"),
  );
  const outcome = (text: string, replays: boolean) => {
    try {
      return readMethodResponse(text, { maxValues: 40 }, { replays });
    } catch (error) {
      return String(error).replace(/ \(line.*/, ""); // a limit is noticed at another place
    }
  };
  fc.assert(
    fc.property(document, damage, (text, change) => {
      const changed = change(text);
      assert.deepEqual(outcome(changed, true), outcome(changed, false), changed);
    }),
    { numRuns: 5000 },
  );
});

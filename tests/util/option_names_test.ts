import assert from "node:assert/strict";
import { checkOptionNames, findNearest } from "../../src/util/mod.ts";

const KNOWN = ["endpoints", "topKey", "leaseTtlSeconds"];

Deno.test("checkOptionNames() accepts known names, in any number", () => {
  checkOptionNames({}, { path: "etcd", known: KNOWN });
  checkOptionNames({ topKey: 1, endpoints: undefined }, { path: "etcd", known: KNOWN });
});

Deno.test("checkOptionNames() names the unknown name, and the nearest known one", () => {
  assert.throws(() => checkOptionNames({ endPoint: 1 }, { path: "etcd", known: KNOWN }), {
    name: "TypeError",
    message:
      "Cannot use the option etcd.endPoint: there is no such option; did you mean endpoints?",
  });
  assert.throws(() => checkOptionNames({ colour: 1 }, { path: "", known: KNOWN }), {
    message: "Cannot use the option colour: there is no such option; " +
      "known are endpoints, leaseTtlSeconds, topKey",
  });
});

Deno.test("checkOptionNames() prefers a hint, and has none for names that every object has", () => {
  const names = { path: "etcd", known: KNOWN, hints: { hostname: "give endpoints" } };
  assert.throws(() => checkOptionNames({ hostname: "x" }, names), /; give endpoints$/);
  assert.throws(() => checkOptionNames({ toString: "x" }, names), /known are/);
});

Deno.test("checkOptionNames() refuses what is no object, and shows no string: it may be secret", () => {
  const cases: [options: unknown, shown: string][] = [
    ["user:secret", "a string"],
    [() => "secret", "a function"],
    [null, "null"],
    [7, "7"],
  ];
  for (const [options, shown] of cases) {
    assert.throws(() => checkOptionNames(options, { path: "etcd", known: KNOWN }), {
      name: "TypeError",
      message: `Cannot use ${shown} as etcd: give an object`,
    });
  }
});

Deno.test("findNearest() ignores case and gives up when all names differ too much", () => {
  assert.equal(findNearest("TOPKEY", KNOWN), "topKey");
  assert.equal(findNearest("leaseTtlSecond", KNOWN), "leaseTtlSeconds");
  assert.equal(findNearest("xyz", KNOWN), undefined);
});

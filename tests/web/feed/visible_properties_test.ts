import assert from "node:assert/strict";
import { createRow } from "../../../src/web/feed/endpoint_row.ts";
import { parsePageFilter } from "../../../src/web/page_filter.ts";
import {
  listMethodNames,
  listVisibleProperties,
} from "../../../src/web/feed/visible_properties.ts";
import { anEndpoint } from "../../support/endpoints.ts";

const endpoint = anEndpoint({
  containerId: "http://ada:hunter2@10.0.0.5:8181/xml-rpc",
  extras: new Map<string, unknown>([
    ["db.url", "postgres://ada:hunter2@db/x"],
    ["db.password", "hunter2"],
    ["api-key", "hunter2"],
    ["access.tokens", ["hunter2"]],
    ["notes", "x".repeat(5000)],
    ["bidi\u202ename", "a\u202eb\u0000"],
    ["__proto__", "polluted"],
    ["colour", "red"],
    ["bytes", new Uint8Array(7)],
    ["since", new Date(0)],
    ["rs.methods", ["greet", "close"]],
  ]),
});
const record = { endpoint, change: "known", isOwn: false, isLeaving: false } as const;
const row = createRow({ ...record, bornMs: 1, changedMs: 1, sequence: 1 });

Deno.test("The page receives no credentials", () => {
  const sent = JSON.stringify([row, listVisibleProperties(endpoint)]);
  assert.ok(!sent.includes("hunter2"), sent);
  assert.equal(row.address, "http://10.0.0.5:8181/xml-rpc");
  const hidden = listVisibleProperties(endpoint).filter(({ isHidden }) => isHidden);
  assert.deepEqual(hidden.map(({ name }) => name), ["access.tokens", "api-key", "db.password"]);
});

Deno.test("Values are bounded, escaped and readable", () => {
  const values = Object.fromEntries(
    listVisibleProperties(endpoint).map(({ name, value }) => [name, value]),
  );
  assert.equal(values["notes"]?.length, 2003);
  assert.equal(values["bidi\\u{202e}name"], "a\\u{202e}b\\u{0}");
  assert.equal(values["bytes"], "7 bytes");
  assert.equal(values["since"], "1970-01-01T00:00:00.000Z");
  assert.ok(row.properties.length <= 123);
  assert.ok(!row.properties.includes("rs.methods"));
  assert.deepEqual(listMethodNames(endpoint), ["greet", "close"]);
});

Deno.test("A filter finds words in properties, or is an LDAP filter", () => {
  const matches = (text: string) => parsePageFilter(text)(endpoint);
  for (
    const text of [
      "",
      "  ",
      "iany",
      "COLOUR=red 10.0.0.5",
      "(colour=red)",
      "(&(colour=r*)(!(x=1)))",
    ]
  ) {
    assert.ok(matches(text), text);
  }
  for (const text of ["iany blue", "(colour=blue)"]) assert.ok(!matches(text), text);
  assert.throws(() => parsePageFilter("(colour="), { name: "FilterSyntaxError" });
  assert.throws(() => parsePageFilter("x".repeat(2001)), RangeError);
});

Deno.test("A filter can't be used to guess a secret", () => {
  for (
    const text of ["hunter2", "(db.password=hunter2)", "(db.password=h*)", "(db.url=*hunter*)"]
  ) {
    assert.ok(!parsePageFilter(text)(endpoint), text);
  }
});

import assert from "node:assert/strict";
import { RequestHeaders } from "../../src/xmlrpc/request_headers.ts";

const DEFAULTS = [["content-type", "text/xml"], ["accept-encoding", "gzip"]];

Deno.test("RequestHeaders merges the headers of a call, which replace the client's", () => {
  const headers = new RequestHeaders({ "X-A": "1", "Accept-Encoding": "identity" });
  assert.deepEqual([...headers.merge(undefined)], [["X-A", "1"], ["Accept-Encoding", "identity"], [
    "content-type",
    "text/xml",
  ]]);
  assert.deepEqual(Object.fromEntries(headers.merge({ "x-a": "2", b: "3" })), {
    "x-a": "2",
    b: "3",
    "Accept-Encoding": "identity",
    "content-type": "text/xml",
  });
});

Deno.test("RequestHeaders keeps what it made of a frozen object, and of no other", () => {
  const headers = new RequestHeaders();
  const frozen = Object.freeze({ a: "1" });
  assert.equal(headers.merge(frozen), headers.merge(frozen));
  assert.deepEqual([...headers.merge(frozen)], [...DEFAULTS, ["a", "1"]]);
  const changing = { a: "1" };
  headers.merge(changing);
  changing.a = "2";
  assert.deepEqual([...headers.merge(changing)], [...DEFAULTS, ["a", "2"]]);
  assert.deepEqual([...headers.merge(frozen)], [...DEFAULTS, ["a", "1"]]);
  assert.throws(() => headers.merge({ "a b": "1" }), TypeError);
  const unsent = new Headers({ a: "1" }) as never; // its entries are no members
  assert.throws(() => new RequestHeaders(unsent), /give an object of strings/);
  assert.throws(() => headers.merge(unsent), /give an object of strings/);
  assert.deepEqual([...headers.merge({ a: undefined } as never)], DEFAULTS);
});

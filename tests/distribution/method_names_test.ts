import assert from "node:assert/strict";
import { describeMethods } from "../../src/distribution/method_names.ts";

Deno.test("describeMethods lists the methods of a service, and names the nearest", () => {
  assert.equal(describeMethods(["greet", "leave"], "stop"), "it has the methods greet, leave");
  assert.match(describeMethods(["greet", "leave"], "gret"), /greet, leave; did you mean greet\?$/);
});

Deno.test("describeMethods bounds the list of a large service, but not the search", () => {
  const names = Array.from({ length: 500 }, (_, index) => `someMethod${index}`);
  const text = describeMethods(names, "someMethod499x");
  assert.ok(text.length < 600, text);
  assert.match(
    text,
    /^it has 500 methods, among them someMethod0, .*, someMethod\d+; did you mean/,
  );
  assert.match(text, /did you mean someMethod499\?$/);
  const one = describeMethods(["x".repeat(600), "y"], "other");
  assert.match(one, /^it has 2 methods, among them x{500}\.\.\.$/);
});

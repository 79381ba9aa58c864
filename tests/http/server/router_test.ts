import assert from "node:assert/strict";
import type { Responder } from "../../../src/http/mod.ts";
import { Router } from "../../../src/http/server/router.ts";

const [nothing, first, second, closing]: Responder[] = Array.from(
  { length: 4 },
  () => (_request, respond) => respond(new Response()),
);

Deno.test("Router finds what a path has now, also for the URL of the last request", () => {
  assert.ok(nothing && first && second && closing);
  const router = new Router(nothing);
  const url = "http://127.0.0.1:8181/a";
  const find = () => router.find(url).responder;
  assert.equal(find(), nothing);
  const added = router.add("/a", first);
  assert.equal(find(), first);
  assert.equal(find(), first);
  added.close();
  assert.equal(find(), nothing);
  router.add("/a", second);
  assert.equal(find(), second);
  router.close(closing);
  assert.equal(find(), closing);
});

Deno.test("Router returns the origin, and ignores the query", () => {
  assert.ok(nothing && first);
  const router = new Router(nothing);
  router.add("/a", first);
  for (const rest of ["/a", "/a?x=/b", "/a#b", "/a?x#y"]) {
    const route = router.find(`https://[::1]:8443${rest}`);
    assert.deepEqual([route.origin, route.responder], ["https://[::1]:8443", first], rest);
  }
  for (const rest of ["/", "/b", "/a/", "/A", "//a"]) {
    assert.equal(router.find(`http://host${rest}`).responder, nothing, rest);
  }
});

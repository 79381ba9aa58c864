import assert from "node:assert/strict";
import { EndpointView } from "../../src/discovery/endpoint_view.ts";
import type { EndpointDescription } from "../../mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** A view whose contents are timestamps; negative ones are unreadable. */
function createView(clock = new VirtualClock()) {
  const changed: string[] = [];
  const decoded: number[] = [];
  const view = new EndpointView<number>({
    clock,
    decode: ({ endpointId: id, content: timestampMs }): EndpointDescription | undefined => {
      decoded.push(timestampMs);
      return timestampMs < 0 ? undefined : anEndpoint({ id, timestampMs });
    },
    onChange: (id) => changed.push(`${id} ${view.endpoints.get(id)?.timestampMs ?? "gone"}`),
  });
  const put = (key: string, content: number) => view.put({ key, endpointId: "e", content });
  return { view, put, changed, decoded, clock };
}

Deno.test("EndpointView removes an endpoint that two keys hold with the last of them", () => {
  const { view, put, changed } = createView();
  put("one/e", 1);
  put("two/e", 2);
  put("two/e", 2);
  assert.deepEqual(changed, ["e 1", "e 2"]);
  view.delete("one/e", 0);
  assert.deepEqual(changed, ["e 1", "e 2"], "the end of the older key changes nothing");
  view.delete("two/e", 0);
  assert.deepEqual(changed.at(-1), "e gone");
});

Deno.test("EndpointView decodes a content once, also an unreadable one", () => {
  const { view, put, decoded } = createView();
  for (const content of [1, 1, -2, -2]) put("one/e", content);
  view.replace(new Map([["one/e", { key: "one/e", endpointId: "e", content: -2 }]]), 0);
  assert.deepEqual(decoded, [1, -2]);
});

Deno.test("EndpointView falls back to the older key when the later one is deleted", () => {
  const { view, put, changed } = createView();
  put("one/e", 1);
  put("two/e", 2);
  view.delete("two/e", 0);
  assert.deepEqual(changed, ["e 1", "e 2", "e 1"]);
});

Deno.test("EndpointView keeps the last readable description of a key that becomes unreadable", () => {
  const { view, put, changed } = createView();
  put("one/e", -1);
  assert.equal(view.endpoints.size, 0);
  put("one/e", 1);
  put("one/e", -2);
  assert.deepEqual(changed, ["e 1"]);
  put("one/e", 3);
  put("one/e", -4);
  view.delete("one/e", 0);
  assert.deepEqual(changed, ["e 1", "e 3", "e gone"]);
});

Deno.test("EndpointView reports nothing for an endpoint that returns unchanged within its grace time", async () => {
  const { view, put, changed, clock } = createView();
  put("one/e", 1);
  view.replace(new Map(), 20);
  await clock.advance(19);
  put("two/e", 1);
  await clock.advance(1000);
  assert.deepEqual(changed, ["e 1"]);
});

Deno.test("EndpointView stops the grace time on hold and restarts it in full on release", async () => {
  const { view, put, changed, clock } = createView();
  put("one/e", 1);
  view.replace(new Map(), 20);
  view.hold();
  await clock.advance(1000);
  assert.deepEqual(changed, ["e 1"]);
  view.release(20);
  await clock.advance(19);
  assert.deepEqual(changed, ["e 1"]);
  await clock.advance(1);
  assert.deepEqual(changed, ["e 1", "e gone"]);
  assert.equal(clock.timerCount, 0);
});

Deno.test("EndpointView applies the puts of a listing first, so that a moved endpoint stays", () => {
  const { view, put, changed } = createView();
  put("one/e", 1);
  view.replace(new Map([["two/e", { key: "two/e", endpointId: "e", content: 1 }]]), 0);
  assert.deepEqual(changed, ["e 1"]);
});

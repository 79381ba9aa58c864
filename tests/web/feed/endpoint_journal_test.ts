import assert from "node:assert/strict";
import { EndpointJournal, type NewRecord } from "../../../src/web/feed/endpoint_journal.ts";
import { EventTimeline } from "../../../src/web/feed/event_timeline.ts";
import { anEndpoint } from "../../support/endpoints.ts";

function aRecord(id: string, change: NewRecord["change"] = "added"): NewRecord {
  const endpoint = anEndpoint({ id });
  return { endpoint, change, isOwn: false, isLeaving: false, bornMs: 1, changedMs: 1 };
}

Deno.test("EndpointJournal lists the last change of each endpoint since a number", () => {
  const journal = new EndpointJournal();
  journal.add(aRecord("a"));
  const { sequence } = journal.add(aRecord("b"));
  journal.add(aRecord("a", "modified"));
  journal.advance();
  journal.add(aRecord("b", "removed"));
  journal.add(aRecord("a", "modified"));
  const changes = journal.listSince(sequence)?.map(({ endpoint, change }) => [endpoint.id, change]);
  assert.deepEqual(changes, [["a", "modified"], ["b", "removed"]]);
  assert.deepEqual(journal.list().map(({ endpoint }) => endpoint.id), ["a"]);
  assert.deepEqual(journal.listSince(journal.sequence), []);
});

Deno.test("EndpointJournal refuses a number whose changes are forgotten, or that is not its own", () => {
  const journal = new EndpointJournal();
  for (let index = 0; index < 40_001; index++) journal.add(aRecord(`${index % 3}`, "modified"));
  assert.equal(journal.listSince(1), undefined);
  assert.equal(journal.listSince(journal.sequence + 1), undefined);
  assert.equal(journal.listSince(journal.sequence - 20_000)?.length, 3);
});

Deno.test("EventTimeline counts the end of a process with many endpoints as one entry", () => {
  const timeline = new EventTimeline();
  const add = (name: string, atMs: number, sequence: number, detail = "http://a") =>
    timeline.add({ type: "removed", name, atMs, detail }, sequence);
  for (let index = 1; index <= 5; index++) add(`S${index}`, 1000, index);
  add("S1", 1000, 6, "http://b");
  add("S1", 1600, 7);
  const entries = timeline.listSince(0).map(({ names, count, detail }) => [names, count, detail]);
  assert.deepEqual(entries, [
    [["S1", "S2", "S3"], 5, "http://a"],
    [["S1"], 1, "http://b"],
    [["S1"], 1, "http://a"],
  ]);
  assert.equal(timeline.listSince(5).length, 2);
});

Deno.test("EventTimeline counts the end of very many processes in few entries", () => {
  const timeline = new EventTimeline();
  for (let index = 1; index <= 5000; index++) {
    timeline.add({ type: "removed", name: "S", atMs: 0, detail: `http://${index % 600}` }, index);
  }
  const entries = timeline.listSince(0);
  assert.equal(entries.length, 21);
  assert.equal(entries.reduce((sum, { count }) => sum + count, 0), 5000);
  assert.equal(entries.find(({ detail }) => detail === "many addresses")?.count, 4820);
});

Deno.test("EventTimeline sends an entry again when it grows, and keeps 200 entries", () => {
  const timeline = new EventTimeline();
  timeline.add({ type: "added", name: "A", atMs: 0, detail: "x" }, 1);
  timeline.add({ type: "added", name: "B", atMs: 1, detail: "x" }, 2);
  assert.deepEqual(timeline.listSince(1).map(({ key, count }) => [key, count]), [[1, 2]]);
  for (let index = 0; index < 300; index++) {
    timeline.add({ type: "health", name: "stale", atMs: 0, detail: "" }, 3 + index);
  }
  assert.equal(timeline.listSince(0).length, 200);
});

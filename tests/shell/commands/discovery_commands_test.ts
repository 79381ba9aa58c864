import assert from "node:assert/strict";
import { EndpointRecorder } from "../../support/events.ts";
import { IHELLO, startHosts } from "../../support/shell.ts";

Deno.test("discovery, endpoints, watch and call show and use discovered endpoints", async () => {
  await using world = await startHosts();
  const { exporter, importer, host, peer, registration, endpoint, called } = world;
  assert.match(
    await importer.good("discovery"),
    /^provider\.+: etcd3\nstate\.+: synced\n[^]*\nlease\.+: [0-9a-f]+\n[^]*\nendpoints\.+: 1\n/,
  );
  assert.equal((await importer.json("discovery")).imports, 1);
  assert.match(
    await importer.good("endpoints"),
    new RegExp(`${endpoint.id}.*\n.*\n1 endpoints discovered`),
  );
  assert.match(await importer.good("endpoints (colour=r*)"), /1 endpoints discovered/);
  assert.match(
    await importer.good("endpoints (&(colour=red)(!(objectClass=*IHello)))"),
    /0 endpoints discovered/,
  );
  assert.equal((await importer.json("endpoints (colour=red)"))[0]["endpoint.id"], endpoint.id);
  assert.match(await importer.bad("endpoints (colour=red"), /Cannot read the filter/);
  assert.equal(
    await importer.good(`call ${IHELLO} sayHello ["you", "it's me"]`),
    `"Howdy you: it's me"\n`,
  );
  assert.match(await exporter.good(`call ${IHELLO} sayHello`), /Howdy undefined/);
  const once = await importer.good(`call ${IHELLO} sayHello ["a b", "c"]`);
  for (const line of [`'["a b", "c"]'`, `["a b", "c"] --json`]) {
    assert.equal(await importer.good(`call ${IHELLO} sayHello ${line}`), once, line);
  }
  assert.equal(await importer.good(`call --json ${IHELLO} sayHello ["a b", "c"]`), once);
  assert.match(await importer.good("endpoints '(colour=red)'"), /1 endpoints discovered/);
  const giveUp = new AbortController();
  const hanging = importer.type(`call ${IHELLO} hang`, giveUp.signal);
  await called.promise;
  giveUp.abort();
  assert.deepEqual(await hanging, { isSuccess: false, text: "call: given up\n" });
  assert.match(await importer.bad(`call ${IHELLO} fail`), /no such luck/);
  assert.match(await importer.bad(`call ${IHELLO} sayHello {"a":1}`), /give a JSON array/);
  assert.match(await importer.bad(`call ${IHELLO}`), /Missing a method; usage/);
  assert.match(await exporter.bad(`call ${IHELLO} nope`), /has no method nope/);
  assert.match(await importer.bad("call my.Nope x"), /No service my\.Nope/);

  const stop = new AbortController();
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  const watching = importer.type("watch", stop.signal);
  await registration.setProperties({ colour: "blue" });
  await events.until("modified", ({ type }) => type === "modified");
  const again = await host.register("my.Other", { go: () => 1 });
  await events.until("other", ({ endpoint }) => endpoint.id === again.endpoint.id);
  stop.abort();
  const { text, isSuccess } = await watching;
  assert.ok(isSuccess);
  assert.match(
    text,
    /^Watching until Ctrl-C\n\S+Z added .*IHello at http.*\n\S+Z modified .*IHello[^]*\n\S+Z added +my\.Other/,
  );
});

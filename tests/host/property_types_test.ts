import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { SILENT } from "../../src/util/mod.ts";
import { testEtcd } from "../support/etcd.ts";

Deno.test("RemoteServices has properties of the same types at exporter and consumer", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 } });
  await using peer = await remoteServices(options);
  const properties = {
    colour: "red",
    size: 9,
    big: 2n ** 60n,
    on: true,
    list: ["a", "b c"],
    ids: new Set([1, 2]),
    since: new Date(0),
    key: Uint8Array.of(1, 2),
    "service.ranking": 7,
    "service.pid": "p",
  };
  const greeter = (size: number) => ({ size: () => size });
  await host.register("I", greeter(9), properties);
  await host.register("I", greeter(10), { ...properties, size: 10 });
  const filter = "(&(colour=red)(size>=10))";
  const ten = await peer.service<{ size(): number }>("I", { filter });
  assert.equal(await ten.size(), 10);
  await peer.service("I", { filter: "(size=9)" });
  for (const query of [filter, "(size>=8)", "(size<=9)", "(list=b c)", "(ids>=2)", "(on=true)"]) {
    const count = (registry: typeof host.framework.registry) =>
      registry.getReferences("I", query).length;
    assert.equal(count(peer.framework.registry), count(host.framework.registry), query);
  }
  const [found] = peer.framework.registry.getReferences("I", "(size=9)");
  for (const [name, value] of Object.entries(properties)) {
    assert.deepEqual(found?.properties[name], value, name);
  }
});

Deno.test("A service whose types do not all travel is exported with one warning that names them", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (message: string) => void warnings.push(message) };
  await using host = await remoteServices({ ...options, http: { port: 0 }, logger });
  await using peer = await remoteServices(options);
  const long = (index: number) => `a.long.name.of.a.property.${index}`;
  const numbers = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [long(index), index]),
  );
  const registration = await host.register("I", { go: () => 1 }, { ...numbers, on: true });
  await peer.service("I", { filter: "(on=true)" });
  const [found] = peer.framework.registry.getReferences("I");
  assert.equal(found?.properties["on"], true, "numbers are left out first");
  assert.equal(found?.properties[long(19)], "19");
  assert.equal(warnings.length, 1, warnings.join("\n"));
  const { id } = registration.endpoint;
  assert.match(
    warnings[0] ?? "",
    new RegExp(
      `^Cannot send the types of a\\.long\\.name.* of the endpoint ${id}: they exceed 256 bytes, so ` +
        "that others read strings; use fewer or shorter names$",
    ),
  );
  await registration.setProperties({ size: 1 });
  await registration.advertised();
  assert.equal(warnings.length, 1, "all types travel");
});

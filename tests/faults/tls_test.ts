import assert from "node:assert/strict";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { makeCertificates } from "../support/certificates.ts";
import { testEtcd } from "../support/etcd.ts";
import { Node } from "../support/node.ts";
import { FaultProxy } from "../support/proxy.ts";

Deno.test("Discovery works over TLS with a client certificate, also after the link breaks", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  await using proxy = new FaultProxy(etcd.clientPort);
  const tls = { ca, cert, key };
  await using exporter = await Node.start(proxy.endpoint, { tls, leaseTtlSeconds: 10 });
  await using consumer = await Node.start(`https://${etcd.endpoint}`, { tls, leaseTtlSeconds: 10 });
  await exporter.advertise();
  await consumer.events.until("the first", () => consumer.events.all.length === 1);
  const before = exporter.health;
  proxy.cut();
  await exporter.resynced(before);
  await exporter.advertise();
  await consumer.events.until("the second", () => consumer.events.all.length === 2);
  const both = [exporter.health, consumer.health] as const;
  await etcd.kill();
  await etcd.start();
  await Promise.all([exporter.resynced(both[0]), consumer.resynced(both[1])]);
  await exporter.advertise();
  await consumer.events.until("the third", () => consumer.events.all.length === 3);
  const { counters, leaseId = 0n } = exporter.health;
  await using client = new EtcdClient({ endpoints: etcd.endpoint, tls });
  await client.lease.revoke(leaseId);
  await exporter.until(
    "another lease",
    ({ state, counters: { leaseLosses } }) =>
      state === "synced" && leaseLosses > counters.leaseLosses,
  );
  assert.equal((await client.lease.timeToLive(exporter.health.leaseId ?? 0n)).keys.length, 4);
  await using named = new EtcdClient({
    endpoints: etcd.endpoint,
    tls: { ...tls, serverName: "etcd.example" },
  });
  await named.kv.put("a", "1");
});

Deno.test("connect() names the reason if a certificate is not trusted", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  const refused = async (tls: Record<string, string> | undefined, message: RegExp) => {
    await using client = new EtcdClient({
      endpoints: etcd.endpoint,
      callTimeoutMs: 3000,
      ...(tls === undefined ? {} : { tls }),
    });
    await assert.rejects(client.kv.range("a"), { name: "EtcdError", code: "unavailable", message });
  };
  await refused({ cert, key }, /certificate|issuer|CA/i);
  await refused({ ca, cert, key, serverName: "other.example" }, /certificate|altnames|name/i);
  await refused(undefined, new RegExp(etcd.endpoint));
});

import assert from "node:assert/strict";
import { EtcdClient, readMemberCertificate, type TlsOptions } from "../../src/etcd/mod.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { GoAwayInjector } from "../support/goaway_injector.ts";
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

Deno.test("Discovery uses renewed certificates if the tls option is a function", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  let current: Certificates = certificates;
  const readTls = () =>
    Promise.resolve({ ca: current.ca, cert: current.clientCert, key: current.clientKey });
  await using node = await Node.start(etcd.endpoint, { tls: readTls, leaseTtlSeconds: 30 });
  await using fixed = await Node.start(etcd.endpoint, {
    tls: await readTls(),
    leaseTtlSeconds: 30,
  });
  const before = node.health;
  await etcd.kill();
  const renewed = await certificates.renew();
  await etcd.start();
  await etcd.listens();
  await fixed.until("stale", ({ state }) => state !== "synced");
  current = renewed;
  await node.resynced(before);
  await node.advertise();
  assert.notEqual(fixed.health.state, "synced", "what etcd has now is not trusted by the old one");
});

Deno.test("EtcdClient reports a tls function that fails, and calls it again", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  const results: (() => TlsOptions)[] = [
    () => {
      throw new Error("no such file");
    },
    () => ({ ca, cert }),
    () => ({ ca, cert, key }),
  ];
  await using client = new EtcdClient({
    endpoints: etcd.endpoint,
    tls: () => results.shift()?.() ?? {},
  });
  await assert.rejects(client.kv.range("a"), {
    code: "unavailable",
    message: "Cannot connect to etcd: the function of the option tls failed: no such file",
  });
  await assert.rejects(client.kv.range("a"), { code: "unavailable", message: /both cert and key/ });
  await client.kv.put("a", "1");
});

Deno.test("insecureSkipVerify accepts any certificate, and the certificate can be read", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  await using client = new EtcdClient({
    endpoints: etcd.endpoint,
    tls: { cert, key, insecureSkipVerify: true, serverName: "other.example" },
  });
  await client.kv.put("a", "1");

  const trusted = await readMemberCertificate(etcd.endpoint, { ca, cert, key });
  assert.equal(trusted.problem, undefined);
  const now = Date.now();
  assert.ok(trusted.validFrom.getTime() <= now && trusted.validTo.getTime() > now + 3_600_000);
  const unknown = await readMemberCertificate(etcd.endpoint, { cert, key });
  assert.match(unknown.problem ?? "", /UNABLE|SELF_SIGNED|certificate/i);
  const other = { ca, cert, key, serverName: "other.example" };
  const misnamed = await readMemberCertificate(etcd.endpoint, other);
  assert.match(misnamed.problem ?? "", /altnames|name/i);
});

Deno.test("EtcdClient survives nonsense in the certificate chain of a member", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd();
  const { ca, serverCert, serverKey: key } = certificates;
  const nonsense = "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const tls = { cert: serverCert + nonsense, key };
  await using member = new GoAwayInjector(etcd.clientPort, () => undefined, tls);
  await using client = new EtcdClient({ endpoints: member.endpoint, tls: { ca } });
  await client.kv.put("a", "1");
});

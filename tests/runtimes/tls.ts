import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { makeCertificates } from "../support/certificates.ts";
import { testEtcd } from "../support/etcd.ts";

interface Greeter {
  greet(name: string): string;
}

Deno.test("Services are found through etcd over TLS, and called over HTTPS, also after a restart of etcd", async () => {
  await using certificates = await makeCertificates();
  const { ca, clientCert, clientKey, serverCert, serverKey } = certificates;
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const options = {
    endpoints: `https://${etcd.endpoint}`,
    tls: { ca, cert: clientCert, key: clientKey },
  };
  await using host = await remoteServices({
    etcd: options,
    http: { port: 0, tls: { cert: serverCert, key: serverKey } },
    drainMs: 0,
  });
  await host.register<Greeter>("com.example.Greeter", { greet: (name) => `Hello ${name}` });
  await using peer = await remoteServices({ etcd: options, client: { tls: { ca } } });
  const greeter = await peer.service<Greeter>("com.example.Greeter");
  assert.equal(await greeter.greet("one"), "Hello one");
  await etcd.kill();
  assert.equal(await greeter.greet("two"), "Hello two");
  await etcd.start();
  await host.register<Greeter>("com.example.Other", { greet: (name) => `Bye ${name}` });
  const other = await peer.service<Greeter>("com.example.Other");
  assert.equal(await other.greet("three"), "Bye three");
});

Deno.test("EtcdClient refuses an etcd whose certificate is not trusted", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { clientCert: cert, clientKey: key } = certificates;
  await using client = new EtcdClient({
    endpoints: `https://${etcd.endpoint}`,
    tls: { cert, key },
  });
  await assert.rejects(client.kv.range("a"), { name: "EtcdError", code: "unavailable" });
});

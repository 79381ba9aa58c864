import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { makeCertificates } from "../support/certificates.ts";
import { testEtcd } from "../support/etcd.ts";
import { GoAwayInjector, type GoAwayMoment } from "../support/goaway_injector.ts";
import { Node } from "../support/node.ts";

const MOMENTS: readonly GoAwayMoment[] = [
  "with settings",
  "after settings",
  "after acknowledgement",
  "within 5 ms",
  "before settings",
  "instead of settings",
  "with an error code",
  "twice, the second with the last stream",
  "during the first stream",
  "with a reset of the connection",
  "cut in two",
  "in single bytes",
  "after a ping",
  "with a long explanation",
  "with the acknowledgement",
];

const SCRIPT = fileURLToPath(new URL("../support/redial_process.ts", import.meta.url));

/** Sends a GOAWAY on two of five connections, so that each kind of connection has its turn. */
function injectOften(connection: number): GoAwayMoment | undefined {
  return connection % 5 < 2 ? MOMENTS[Math.floor(connection / 5) % MOMENTS.length] : undefined;
}

/** Dials in a process of its own and returns its exit code and output. */
async function redial(
  kind: "client" | "idle" | "unguarded",
  endpoint: string,
  rounds: number,
  ...caFile: readonly string[]
) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", SCRIPT, kind, endpoint, String(rounds), ...caFile],
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("EtcdClient survives 200 GOAWAYs while it connects, and is in sync after each", async () => {
  await using etcd = await testEtcd();
  await using injector = new GoAwayInjector(etcd.clientPort, injectOften);
  while (injector.injected < 200) {
    const { code, output } = await redial("client", injector.endpoint, 25);
    assert.equal(code, 0, output);
    assert.match(output, /^25 rounds, [1-9]\d* failures$/m);
  }
  assert.deepEqual([...injector.moments].sort(), [...MOMENTS].sort());
});

Deno.test("EtcdClient survives 40 GOAWAYs while it connects over TLS", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd();
  const { serverCert: cert, serverKey: key, caFile } = certificates;
  await using injector = new GoAwayInjector(etcd.clientPort, injectOften, { cert, key });
  while (injector.injected < 40) {
    const { code, output } = await redial("client", injector.endpoint, 25, caFile);
    assert.equal(code, 0, output);
    assert.match(output, /^25 rounds, [1-9]\d* failures$/m);
  }
});

Deno.test("EtcdClient survives GOAWAYs on 30 idle connections, and connects again", async () => {
  await using etcd = await testEtcd();
  await using injector = new GoAwayInjector(
    etcd.clientPort,
    (connection) => connection <= 60 ? "after 500 ms" : undefined,
  );
  const { code, output } = await redial("idle", injector.endpoint, 30);
  assert.equal(code, 0, output);
  assert.match(output, /^30 rounds, 0 failures$/m);
  assert.equal(injector.injected, 60, "of which a half were probes, closed long before");
});

Deno.test("node:http2 alone does not survive the same GOAWAYs", async () => {
  await using etcd = await testEtcd();
  await using injector = new GoAwayInjector(etcd.clientPort, injectOften);
  const codes: number[] = [];
  for (let run = 0; run < 10 && !codes.some((code) => code !== 0); run++) {
    codes.push((await redial("unguarded", injector.endpoint, 10)).code);
  }
  assert.notEqual(codes.at(-1), 0, "Deno survives it now: GuardedSocket is no longer needed");
});

Deno.test("Etcd3Discovery is in sync after each of ten GOAWAYs while it connects", async () => {
  await using etcd = await testEtcd();
  await using injector = new GoAwayInjector(etcd.clientPort, injectOften);
  while (injector.injected < 10) {
    await using node = new Node(injector.endpoint, { startOffline: true });
    await node.discovery.start();
    await node.until("synced", ({ state }) => state === "synced");
    await node.advertise();
  }
});

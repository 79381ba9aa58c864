import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findEtcd } from "../../scripts/etcd.ts";
import type { LineProcess } from "../../scripts/line_process.ts";
import { canCreateHosts, type NetworkHost, TwoHosts } from "../support/network_hosts.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/deployment/", import.meta.url));
const SUPPORT = fileURLToPath(new URL("../support/", import.meta.url));

function spawnDeno(
  host: NetworkHost,
  path: string,
  env: Record<string, string>,
  ...args: string[]
) {
  const run = ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-env", path, ...args];
  return host.spawn(path, Deno.execPath(), run, { env });
}

/** Starts etcd on a host. */
async function spawnEtcd(host: NetworkHost, dataDir: string): Promise<LineProcess> {
  const url = `http://${host.address}:2379`;
  const etcd = host.spawn("etcd", await findEtcd(), [
    `--data-dir=${dataDir}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    "--listen-peer-urls=http://127.0.0.1:2380",
  ]);
  await etcd.line("ready to serve");
  return etcd;
}

/** Registers a test with two hosts and etcd on the first one. */
function testHosts(title: string, run: (hosts: TwoHosts, etcd: string) => Promise<void>): void {
  Deno.test({
    name: canCreateHosts ? title : `${title} (needs Linux, ip and root)`,
    ignore: !canCreateHosts,
    async fn() {
      await using hosts = await TwoHosts.create();
      const dataDir = await Deno.makeTempDir({ prefix: "etcd3-" });
      try {
        await using _etcd = await spawnEtcd(hosts.a, dataDir);
        await run(hosts, `${hosts.a.address}:2379`);
      } finally {
        await Deno.remove(dataDir, { recursive: true });
      }
    },
  });
}

testHosts("A consumer calls an exporter of another host, and again after the cable was out", async (
  { a, b },
  etcd,
) => {
  const env = { ETCD_ENDPOINTS: etcd };
  await using exporter = spawnDeno(a, `${EXAMPLES}exporter.ts`, env);
  await exporter.line(`Exported com.example.Clock at http://${a.address}:8181/xml-rpc`);
  await using consumer = spawnDeno(b, `${EXAMPLES}consumer.ts`, env);
  await consumer.line("It is 20");

  await b.setLink("down");
  await consumer.nextLine("Cannot call now of com.example.Clock", 60_000);
  await b.setLink("up");
  await consumer.nextLine("It is 20", 60_000);

  exporter.kill("SIGTERM");
  assert.equal(await exporter.exit(), 0);
  consumer.kill("SIGTERM");
  assert.equal(await consumer.exit(), 0);
});

testHosts("An exporter on loopback warns, and a caller on another host learns why", async (
  { a, b },
  etcd,
) => {
  await using exporter = spawnDeno(a, `${SUPPORT}loopback_exporter.ts`, {}, etcd);
  await exporter.line(
    "Other hosts cannot call http://127.0.0.1:8181/xml-rpc: " +
      "127.0.0.1 is a loopback address; set advertisedHostname",
  );
  await using consumer = spawnDeno(b, `${EXAMPLES}consumer.ts`, { ETCD_ENDPOINTS: etcd });
  await consumer.line(/its exporter advertises a loopback address: .* set advertisedHostname/);
});

testHosts("An exporter whose host gets another address is exported under it", async (
  { a, b },
  etcd,
) => {
  const env = { ETCD_ENDPOINTS: etcd };
  await using exporter = spawnDeno(b, `${EXAMPLES}exporter.ts`, env);
  await exporter.line(`Exported com.example.Clock at http://${b.address}:8181/xml-rpc`);
  await using consumer = spawnDeno(a, `${EXAMPLES}consumer.ts`, env);
  await consumer.line("It is 20");

  await b.removeAddress(b.address);
  await consumer.nextLine("Cannot call now of com.example.Clock", 60_000);
  await b.addAddress("10.77.0.3");
  await consumer.nextLine("It is 20", 60_000);
});

testHosts(
  "Calls leave a host that answers nothing after the time to connect, and stay away",
  async (
    { a, b },
    etcd,
  ) => {
    const env = { ETCD_ENDPOINTS: etcd };
    await using near = spawnDeno(a, `${EXAMPLES}exporter.ts`, env);
    await using far = spawnDeno(b, `${EXAMPLES}exporter.ts`, env);
    for (const exporter of [near, far]) await exporter.line("Exported com.example.Clock");
    await b.dropPackets(a.address);
    await using caller = spawnDeno(a, `${SUPPORT}calls_of_two.ts`, {}, etcd);
    const result = await caller.line(/calls/);
    const [, calls, slow, longestMs] = /(\d+) calls, (\d+) slow, (\d+) ms/.exec(result) ?? [];
    assert.deepEqual([calls, slow], ["100", "1"], result);
    assert.ok(Number(longestMs) < 15_000, `not the 30 s of a call: ${result}`);
  },
);

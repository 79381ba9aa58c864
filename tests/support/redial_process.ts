// Connects to etcd again and again, in a process of its own, since a fault can end it:
//   deno run -A tests/support/redial_process.ts client|idle|unguarded HOST:PORT ROUNDS [CA_FILE]
// A round of `client` ends when a read, a watch and a keepalive work. A round of `idle` reads,
// waits for a second, and reads again; all rounds run at once. A round of `unguarded`
// is a bare session of node:http2, which shows what the client is protected from.

// deno-lint-ignore-file no-console
import { connect } from "node:http2";
import { EtcdClient, EtcdError } from "../../src/etcd/mod.ts";

const [kind, endpoint = "", rounds = "1", caFile] = Deno.args;
const tls = caFile === undefined ? {} : { tls: { ca: await Deno.readTextFile(caFile) } };

async function synchronize(client: EtcdClient): Promise<void> {
  const { id } = await client.lease.grant(60);
  const keepAlive = await client.lease.keepAlive();
  await using _watch = await client.watch.range("key");
  await client.kv.range("key");
  await keepAlive.renew(id, 5000);
  keepAlive.cancel();
  await client.lease.revoke(id);
}

async function runClient(): Promise<number> {
  let failures = 0;
  await using client = new EtcdClient({ endpoints: endpoint, ...tls });
  while (true) {
    try {
      await synchronize(client);
      return failures;
    } catch (error) {
      if (!(error instanceof EtcdError) || error.message.includes("Cannot read prop")) throw error;
      failures++;
    }
  }
}

async function runIdle(): Promise<void> {
  await using client = new EtcdClient({ endpoints: endpoint, ...tls });
  await client.kv.range("key");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await client.kv.range("key");
}

async function runUnguarded(): Promise<void> {
  const session = connect(`http://${endpoint}`);
  session.on("error", () => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  session.destroy();
}

let failures = 0;
if (kind === "idle") await Promise.all(Array.from({ length: Number(rounds) }, runIdle));
else {
  for (let round = 1; round <= Number(rounds); round++) {
    if (kind === "client") failures += await runClient();
    else await runUnguarded();
  }
}
console.log(`${rounds} rounds, ${failures} failures`);

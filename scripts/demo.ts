/**
 * Shows the main use: etcd, an exporter and a consumer as separate processes, a discovery,
 * three calls, and the withdrawal of the service.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { DEFAULT_TOP_KEY } from "../mod.ts";
import { EtcdClient, leaseIdToHex, prefixEnd, type WatchStream } from "../src/etcd/mod.ts";
import { findEtcd } from "./etcd.ts";
import { freePort, startEtcd } from "./etcd_process.ts";
import { runExample } from "./line_process.ts";

const printAs = (name: string) => (line: string) => console.log(`${name.padEnd(8)} | ${line}`);
const print = printAs("demo");

/** Prints the changes of the keys in etcd. */
async function printKeys(watch: WatchStream): Promise<void> {
  for await (const { events } of watch) {
    for (const { type, kv } of events) {
      const key = new TextDecoder().decode(kv.key).slice(DEFAULT_TOP_KEY.length);
      const details = type === "delete"
        ? ""
        : ` ${kv.value.length} bytes, lease ${leaseIdToHex(kv.lease)}`;
      printAs("etcd")(`${type} ...${key}${details}`);
    }
  }
}

async function demo(): Promise<void> {
  const startedMs = performance.now();
  const binary = await findEtcd(print);
  await using etcd = await startEtcd(binary);
  printAs("etcd")(`listens at ${etcd.endpoint} (${binary})`);
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using watch = await client.watch.range(DEFAULT_TOP_KEY, {
    rangeEnd: prefixEnd(DEFAULT_TOP_KEY),
  });
  const printed = printKeys(watch);

  const where = { etcdPort: etcd.clientPort, httpPort: freePort() };
  await using exporter = runExample("exporter", where, [], { onLine: printAs("exporter") });
  await exporter.line("Exported");
  await using consumer = runExample("consumer", where, [], { onLine: printAs("consumer") });
  await consumer.line(
    "sync response: DenoSync says: Howdy DenoSync that's a nice runtime you got there",
  );
  await consumer.line("async response: DenoAsync says: Howdy DenoAsync");
  await consumer.line("promise response: DenoPromise says: Howdy DenoPromise");
  await exporter.line("Deno.sayHelloPromise called by: DenoPromise with message: 'Hello Impl'");

  print("stopping the exporter");
  exporter.kill("SIGINT");
  await consumer.line("IHello endpoint removed");
  expect("the exporter's exit code", await exporter.exit(), 0);
  print("stopping the consumer");
  consumer.kill("SIGINT");
  expect("the consumer's exit code", await consumer.exit(), 0);
  const { count } = await client.kv.range(DEFAULT_TOP_KEY, {
    rangeEnd: prefixEnd(DEFAULT_TOP_KEY),
  });
  expect("the number of keys left in etcd", Number(count), 0);
  watch.cancel();
  await printed;
  print(`done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

function expect(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what} is ${found} instead of ${expected}`);
}

try {
  await demo();
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}

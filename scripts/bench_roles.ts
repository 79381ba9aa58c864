/**
 * Processes that `scripts/bench.ts` measures.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { DEFAULT_TOP_KEY } from "../mod.ts";
import { Etcd3Discovery } from "../src/discovery/etcd3/mod.ts";
import { EtcdClient, prefixEnd } from "../src/etcd/mod.ts";

const now = () => performance.timeOrigin + performance.now();

/** Returns a function that collects delays, and prints their median once all have come. */
function createCollector(count: number): (sent: number) => void {
  const delays: number[] = [];
  return (sent) => {
    delays.push(now() - sent);
    if (delays.length < count) return;
    delays.sort((a, b) => a - b);
    console.log(`p50 ${delays[Math.floor(count / 2)]} p99 ${delays[Math.floor(count * 0.99)]}`);
  };
}

/** Receives the puts through the discovery. */
async function runMirror(endpoints = "", count = ""): Promise<void> {
  const discovery = new Etcd3Discovery({ endpoints });
  const collect = createCollector(Number(count));
  discovery.addListener({
    endpointChanged: ({ endpoint }) => collect(Number(endpoint.extras.get("sent"))),
  });
  await discovery.start();
  console.log("ready");
}

/** Receives the puts through a watch alone. */
async function runWatch(endpoints = "", count = ""): Promise<void> {
  const client = new EtcdClient({ endpoints });
  const collect = createCollector(Number(count));
  const decoder = new TextDecoder();
  const stream = await client.watch.range(`${DEFAULT_TOP_KEY}/`, {
    rangeEnd: prefixEnd(`${DEFAULT_TOP_KEY}/`),
  });
  console.log("ready");
  for await (const { events } of stream) {
    for (const { kv } of events) {
      const sent = /"sent","value":"([\d.]+)"/.exec(decoder.decode(kv.value))?.[1];
      if (sent !== undefined) collect(Number(sent));
    }
  }
}

const [name, ...args] = Deno.args;
if (name === "mirror") await runMirror(...args);
else if (name === "watch") await runWatch(...args);

// A node whose process runs out of file descriptors, and gets some back later:
//   bash -c 'ulimit -n 100; exec deno run -A tests/support/starved_process.ts HOST:PORT'
// It prints "exhausted", upon which its connection to etcd has to be cut.

// deno-lint-ignore-file no-console
import { Node } from "./node.ts";

const [endpoint = ""] = Deno.args;

/** Opens files until there is no descriptor left. */
function exhaust(): Deno.FsFile[] {
  const files: Deno.FsFile[] = [];
  try {
    while (true) files.push(Deno.openSync("/dev/null"));
  } catch {
    return files;
  }
}

await using node = await Node.start(endpoint, { leaseTtlSeconds: 30 });
const files = exhaust();
console.log("exhausted");
const message = () => node.health.lastError?.message ?? "";
// Deno opens its pipe of signals half a second after the start, unless that was done before.
const enduredMs = performance.now() + 800;
while (!message().includes("EMFILE") || performance.now() < enduredMs) {
  files.push(...exhaust()); // also the descriptors that become free when the connection ends
  await new Promise((resolve) => setTimeout(resolve, 1));
}
for (const file of files) file.close();
console.log(message());
await node.until("synced", ({ state }) => state === "synced");
console.log("synced");

/**
 * Client under attack, as a process of its own: `bomb` reads a reply that inflates to 1 GB,
 * `crowd` makes more calls at once than it may open files. Prints a line of JSON.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { gunzipSync, gzipSync } from "node:zlib";
import { XmlRpcClient, XmlRpcTransportError } from "../../src/xmlrpc/mod.ts";

const [role, url = "", count = "1"] = Deno.args;

async function call(): Promise<string> {
  try {
    await new XmlRpcClient(url, { maxReplyBytes: 64 * 1024 * 1024 }).call("echo", ["x"]);
    return "ok";
  } catch (error) {
    return error instanceof XmlRpcTransportError ? `${error.code}, ${error.wasSent}` : "other";
  }
}

// Loads the modules that a first call and a first compressed reply need.
await new XmlRpcClient("http://127.0.0.1:1/").call("warmUp").catch(() => {});
gunzipSync(gzipSync("warm-up"));

let longestMs = 0;
let lastMs = performance.now();
const timer = setInterval(() => {
  const nowMs = performance.now();
  longestMs = Math.max(longestMs, nowMs - lastMs);
  lastMs = nowMs;
}, 1);
const before = Deno.memoryUsage().rss;
const outcomes = await Promise.all(Array.from({ length: Number(count) }, call));
const grownMb = (Deno.memoryUsage().rss - before) / 1e6;
clearInterval(timer);
const counts: Record<string, number> = {};
for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
const after = role === "crowd" ? await call() : "";
console.log(`done ${JSON.stringify({ counts, longestMs, grownMb, after })}`);

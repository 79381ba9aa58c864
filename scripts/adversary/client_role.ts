/**
 * Client under attack, as a process of its own: `bombs URL PATHS TIMES` reads the reply of each
 * path as many times at once, `crowd URL COUNT` makes more calls at once than it may open files.
 * Prints a line of JSON for each.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { gunzipSync, gzipSync } from "node:zlib";
import { XmlRpcClient, XmlRpcTransportError } from "../../src/xmlrpc/mod.ts";
import { LoopWatch } from "./loop_watch.ts";

const [role, url = "", ...args] = Deno.args;

async function call(path = ""): Promise<string> {
  try {
    await new XmlRpcClient(url + path).call("echo", ["x"]);
    return "ok";
  } catch (error) {
    return error instanceof XmlRpcTransportError ? `${error.code}, ${error.wasSent}` : "other";
  }
}

/** Makes calls at once; returns how many had each outcome. */
async function callAtOnce(path: string, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.all(Array.from({ length: count }, () => call(path)))) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

// Loads the modules that a first call and a first compressed reply need.
await new XmlRpcClient("http://127.0.0.1:1/").call("warmUp").catch(() => {});
gunzipSync(gzipSync("warm-up"));

using watch = new LoopWatch();
if (role === "crowd") {
  const counts = await callAtOnce("", Number(args[0]));
  console.log(`done ${JSON.stringify({ counts, after: await call() })}`);
} else {
  const [paths = "", times = "1"] = args;
  for (const path of paths.split(",")) {
    const before = Deno.memoryUsage().rss;
    watch.take();
    const counts = await callAtOnce(path, Number(times));
    const figures = { longestMs: watch.take(), grownMb: (Deno.memoryUsage().rss - before) / 1e6 };
    console.log(`done ${path} ${JSON.stringify({ counts, ...figures })}`);
  }
}

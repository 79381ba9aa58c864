/**
 * Server under attack, as a process of its own, on `node:http` with the argument `node`: an XML-RPC
 * servlet, and `/stats` with its memory, the longest time for which its event loop was blocked, and
 * the lines that it logged.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { HttpService } from "../../src/http/mod.ts";
import { createXmlRpcHandler } from "../../src/xmlrpc/mod.ts";
import { LoopWatch } from "./loop_watch.ts";

/** Returns the most memory since the last call; elsewhere than on Linux, the memory of now. */
function readPeak(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
    Deno.writeTextFileSync("/proc/self/clear_refs", "5"); // begins anew
    return Number(kilobytes) * 1024;
  } catch {
    return Deno.memoryUsage().rss;
  }
}

const lines: string[] = [];
const record = (message: string) => void lines.push(message);
const logger = { debug: record, info: record, warn: record, error: record };
const server = Deno.args[0] === "node" ? "node" : "deno";
const http = new HttpService({ port: 0, probes: true, server }, { logger });

const watch = new LoopWatch();

await http.start();
http.register(
  "/xml-rpc",
  createXmlRpcHandler({ echo: (value) => value }, { signal: http.signal }),
);
http.register("/stats", () => {
  const { rss } = Deno.memoryUsage();
  return Response.json({
    rss,
    peak: readPeak(),
    longestMs: watch.take(),
    lines,
    state: http.state.kind,
  });
});
console.log(`ready ${http.url}`);

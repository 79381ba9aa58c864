/**
 * Measures calls of `sayHello`: the server beside a bare `Deno.serve` that answers the same
 * bytes, and the client beside a bare client that sends them. Each runs in a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { decodeMethodResponse, encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import { LineProcess } from "../line_process.ts";
import { type RatioSeries, type RatioSummary, summarize } from "../performance/ratio.ts";

const ROUNDS = 9;
const ROUND_SECONDS = 2;
const SERVER_BAR = { leastShare: 0.65 };
const CLIENT_BAR = { mostTimes: 1.15 };

function startRole(name: string, ...args: string[]): LineProcess {
  const script = fileURLToPath(new URL("load_roles.ts", import.meta.url));
  return new LineProcess(name, Deno.execPath(), ["run", "-A", "--quiet", script, name, ...args]);
}

/**
 * Returns the requests per second of wrk.
 *
 * @throws {Error} if a request failed, or wrk is missing
 */
async function runWrk(script: string, url: string, connections: number): Promise<number> {
  const args = ["-t1", `-c${connections}`, `-d${ROUND_SECONDS}s`, "-s", script, url];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("wrk", { args }).output();
  } catch {
    throw new Error("Cannot measure calls: wrk is missing; apt-get install wrk");
  }
  const text = new TextDecoder().decode(output.stdout);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

/** Returns the calls per second of a client that runs in a process of its own. */
async function measureRate(name: "client" | "bare", ...args: string[]): Promise<number> {
  await using process = startRole(name, ...args, String(ROUND_SECONDS));
  return Number((await process.line("rate")).split(" ")[1]);
}

/** Measures both in turns. */
async function measurePairs(
  claim: Omit<RatioSeries, "pairs">,
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<RatioSummary> {
  const pairs = [];
  for (let round = -1; round < ROUNDS; round++) { // the first round warms up
    // The order changes, because the machine may slow down within a round.
    const rates = round % 2 === 0
      ? { ours: await ours(), peer: await peer() }
      : { peer: await peer(), ours: await ours() };
    if (round >= 0) pairs.push(rates);
  }
  return summarize({ ...claim, pairs });
}

/** Measures the server with wrk, then the client against our server and a bare one. */
export async function* benchLoad(): AsyncGenerator<RatioSummary> {
  await using service = startRole("service");
  const [, url = "", id = ""] = (await service.line("ready")).split(" ");
  const body = encodeMethodCall(`${id}.sayHello`, ["ConsumerSync", "Hello Impl"]);
  const headers = { "content-type": "text/xml" };
  const answer = await (await fetch(url, { method: "POST", headers, body })).text();
  decodeMethodResponse(answer); // throws if the answer is a fault
  await using echo = startRole("echo", answer);
  const [, echoUrl = ""] = (await echo.line("ready")).split(" ");
  const lua = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    const script = `wrk.method = "POST"\nwrk.headers["Content-Type"] = "text/xml"\n`;
    await Deno.writeTextFile(lua, `${script}wrk.body = [==[${body}]==]\n`);
    for (const connections of [8, 64]) {
      yield await measurePairs(
        { what: `server, ${connections} connections`, peer: "bare echo", bar: SERVER_BAR },
        () => runWrk(lua, url, connections),
        () => runWrk(lua, echoUrl, connections),
      );
    }
  } finally {
    await Deno.remove(lua);
  }
  for (const [server, target] of [["our server", url], ["bare echo", echoUrl]] as const) {
    for (const connections of ["1", "64"]) {
      yield await measurePairs(
        {
          what: `client to ${server}, ${connections} at a time`,
          peer: "bare client",
          bar: CLIENT_BAR,
        },
        () => measureRate("client", target, id, connections),
        () => measureRate("bare", target, body, connections),
      );
    }
  }
}

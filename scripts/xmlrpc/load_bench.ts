/**
 * Measures calls of `sayHello`: the server beside a bare `Deno.serve` that answers the same
 * bytes, and the client beside `fetch` of the same bytes. Each runs in a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { decodeMethodResponse, encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import { LineProcess } from "../line_process.ts";
import { compare, type Result } from "./results.ts";

const ROUNDS = 9;
const ROUND_SECONDS = 2;

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
async function measureRate(name: "client" | "fetch", ...args: string[]): Promise<number> {
  await using process = startRole(name, ...args, String(ROUND_SECONDS));
  return Number((await process.line("rate")).split(" ")[1]);
}

async function compareRates(
  what: string,
  sample: string,
  peers: [name: string, rate: () => Promise<number>][],
): Promise<Result> {
  const rounds = [];
  for (let round = -1; round < ROUNDS; round++) { // the first round warms up
    const seconds = new Map<string, number>();
    // The order changes, because the machine may slow down within a round.
    const order = round % 2 === 0 ? peers : [...peers].reverse();
    for (const [name, rate] of order) seconds.set(name, 1 / await rate());
    if (round >= 0) rounds.push(new Map(peers.map(([name]) => [name, seconds.get(name) ?? NaN])));
  }
  return compare(what, sample, rounds);
}

/** Measures the server with wrk and the client against the server. */
export async function* benchLoad(): AsyncGenerator<Result> {
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
      yield await compareRates("server", `sayHello, ${connections} connections, wrk`, [
        ["ours", () => runWrk(lua, url, connections)],
        ["bare echo", () => runWrk(lua, echoUrl, connections)],
      ]);
    }
    for (const connections of ["1", "8"]) {
      yield await compareRates("client", `sayHello, ${connections} at a time`, [
        ["ours", () => measureRate("client", url, id, connections)],
        ["fetch", () => measureRate("fetch", url, body, connections)],
      ]);
    }
  } finally {
    await Deno.remove(lua);
  }
}

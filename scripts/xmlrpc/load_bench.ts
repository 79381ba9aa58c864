/**
 * Measures calls of `sayHello`: the server beside a bare `Deno.serve` that answers the same
 * bytes, and the clients beside a bare client that sends them. Each runs in a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import {
  decodeMethodResponse,
  encodeMethodCall,
  encodeMethodResponse,
} from "../../src/xmlrpc/mod.ts";
import { LineProcess } from "../line_process.ts";
import { type RatioSeries, type RatioSummary, summarize } from "../performance/ratio.ts";

const ROUNDS = 7;
const ROUND_SECONDS = 2;
const CLIENT_SECONDS = 1;
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

/** A client that is measured, the role of `load_roles.ts`. */
type Client = "xmlrpc" | "http" | "codec" | "bare";

/** Returns the calls per second of processor time of a client that runs in a process of its own. */
async function measureRate(name: Client, ...args: string[]): Promise<number> {
  await using process = startRole(name, ...args, String(CLIENT_SECONDS));
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

/** Clients that are compared: name, role, and name and role of the peer. */
const CLIENTS: readonly [what: string, ours: Client, peer: string, peerRole: Client][] = [
  ["HttpClient", "http", "bare client", "bare"],
  ["XmlRpcClient", "xmlrpc", "bare client with the codec", "codec"],
  ["XmlRpcClient, codec included,", "xmlrpc", "bare client", "bare"],
];

/** Measures all clients in turns. */
async function measureClients(
  to: string,
  args: readonly [url: string, id: string, connections: string],
): Promise<RatioSummary[]> {
  const roles: Client[] = ["http", "xmlrpc", "codec", "bare"];
  const rounds: Map<Client, number>[] = [];
  for (let round = -1; round < ROUNDS; round++) { // the first round warms up
    const rates = new Map<Client, number>();
    for (const role of roles) rates.set(role, await measureRate(role, ...args));
    if (round >= 0) rounds.push(rates);
    roles.reverse(); // the machine may slow down within a round
  }
  return CLIENTS.map(([what, ours, peer, peerRole]) => {
    const pairs = rounds.map((rates) => ({
      ours: rates.get(ours) ?? NaN,
      peer: rates.get(peerRole) ?? NaN,
    }));
    return summarize({ what: `${what} to ${to}`, peer, pairs, bar: CLIENT_BAR });
  });
}

const HELLO = ["ConsumerSync", "Hello Impl"];
const ANSWER = "DenoSync says: Howdy ConsumerSync that's a nice runtime you got there";
const STRUCT = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`member${index}`, index % 2 ? index : `v${index}`]),
);

/** A method that is called at the server, with so many connections. */
interface ServerCase {
  readonly what: string;
  readonly method: string;
  readonly params: readonly unknown[];
  readonly connections: number;
}

const SERVER_CASES: readonly ServerCase[] = [
  { what: "server", method: "sayHello", params: HELLO, connections: 8 },
  { what: "server", method: "sayHello", params: HELLO, connections: 64 },
  { what: "server, promise", method: "sayHelloPromise", params: HELLO, connections: 64 },
  { what: "server, struct of 20", method: "getSame", params: [STRUCT], connections: 64 },
];

/** Measures the server and an echo of its answers with wrk, in turns. */
async function measureServer(
  url: string,
  id: string,
  { what, method, params, connections }: ServerCase,
): Promise<RatioSummary> {
  const body = encodeMethodCall(`${id}.${method}`, params);
  const headers = { "content-type": "text/xml" };
  const answer = await (await fetch(url, { method: "POST", headers, body })).text();
  decodeMethodResponse(answer); // throws if the answer is a fault
  await using echo = startRole("echo", answer);
  const [, echoUrl = ""] = (await echo.line("ready")).split(" ");
  const lua = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    const script = `wrk.method = "POST"\nwrk.headers["Content-Type"] = "text/xml"\n`;
    await Deno.writeTextFile(lua, `${script}wrk.body = [==[${body}]==]\n`);
    return await measurePairs(
      { what: `${what}, ${connections} connections`, peer: "bare echo", bar: SERVER_BAR },
      () => runWrk(lua, url, connections),
      () => runWrk(lua, echoUrl, connections),
    );
  } finally {
    await Deno.remove(lua);
  }
}

/** Measures the server with wrk, then the client against our server and a bare one. */
export async function* benchLoad(): AsyncGenerator<RatioSummary> {
  await using service = startRole("service");
  const [, url = "", id = ""] = (await service.line("ready")).split(" ");
  for (const serverCase of SERVER_CASES) yield await measureServer(url, id, serverCase);
  await using echo = startRole("echo", encodeMethodResponse(ANSWER));
  const [, echoUrl = ""] = (await echo.line("ready")).split(" ");
  for (const [server, target] of [["our server", url], ["bare echo", echoUrl]] as const) {
    for (const connections of ["1", "64"]) {
      yield* await measureClients(`${server}, ${connections} at a time`, [target, id, connections]);
    }
  }
}

/**
 * Compares ways to send a POST: executions of 1,000 calls by a server that drops kept
 * connections after the work, time of a call, and calls per second.
 * `deno run -A scripts/bench_http_client.ts`
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { readRequest, serveTcp, writeText } from "../tests/support/tcp_server.ts";
import { ALTERNATIVES, type Send } from "./http/client_alternatives.ts";

const BODY = "<methodCall><methodName>1.greet</methodName><params/></methodCall>".padEnd(250);
const ECHO = `
const echo = async (request) => new Response(await request.bytes());
const onListen = ({ port }) => console.log(port);
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, echo);
`;

/** Counts executions and errors of calls to a server that drops kept connections. */
async function countExecutions(send: Send, calls: number): Promise<[number, number]> {
  let executions = 0;
  let errors = 0;
  await using server = serveTcp(async (connection) => {
    for (let index = 0; index < 2; index++) {
      const request = await readRequest(connection);
      if (request === undefined) return;
      executions++;
      const body = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      if (index === 0) await writeText(connection, body);
    }
  });
  for (let call = 0; call < calls; call++) {
    await send(`http://127.0.0.1:${server.port}/`, BODY).catch(() => errors++);
  }
  return [executions, errors];
}

async function measure(send: Send, url: string): Promise<[us: number, perSecond: number]> {
  const calls = 3000;
  let start = performance.now();
  for (let call = 0; call < calls; call++) await send(url, BODY);
  const us = (performance.now() - start) / calls * 1000;
  start = performance.now();
  let left = 4 * calls;
  const caller = async () => {
    while (left-- > 0) await send(url, BODY);
  };
  await Promise.all(Array.from({ length: 64 }, caller));
  return [us, 4 * calls / (performance.now() - start) * 1000];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const args = ["eval", ECHO];
const server = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
const reader = server.stdout.getReader();
const port = new TextDecoder().decode((await reader.read()).value).trim();
const results = new Map([...ALTERNATIVES.keys()].map((name) => [name, [[], []] as number[][]]));
for (let round = 0; round < 6; round++) {
  for (const [name, send] of ALTERNATIVES) {
    if (round > 0 && name.includes("one connection")) await new Promise((r) => setTimeout(r, 100));
    const figures = await measure(send, `http://127.0.0.1:${port}/`);
    if (round > 0) figures.forEach((figure, index) => results.get(name)?.[index]?.push(figure));
  }
}
await reader.cancel();
server.kill();
await server.status;
console.log("| way | executions of 1,000 calls | errors | safe | one call | 64 at a time |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const [name, send] of ALTERNATIVES) {
  const [executions, errors] = await countExecutions(send, 1000);
  const [us = [], perSecond = []] = results.get(name) ?? [];
  const speed = `${median(us).toFixed(0)} us | ${median(perSecond).toFixed(0)}/s`;
  // Safe: none runs twice, and a server that drops connections costs few calls.
  const safe = executions === 1000 && errors <= 10 ? "yes" : "no";
  console.log(`| ${name} | ${executions} | ${errors} | ${safe} | ${speed} |`);
}
Deno.exit();

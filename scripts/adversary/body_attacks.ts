import { gzipSync } from "node:zlib";
import { serveTcp, writeText } from "../../tests/support/tcp_server.ts";
import { type Attack, type AttackResult, readStats, startRole, withServer } from "./attack.ts";

const MAX_BLOCK_MS = 50;
const MAX_GROWTH_MB = 32;

function judge(answer: string, longestMs: number, grownMb: number) {
  return {
    measured: `${answer}, blocked ${longestMs.toFixed(0)} ms, +${grownMb.toFixed(0)} MB`,
    passed: longestMs <= MAX_BLOCK_MS && grownMb < MAX_GROWTH_MB,
  };
}

/** Attacks up to three times: on a machine that is busy otherwise a process also waits. */
async function takeBest(once: () => Promise<AttackResult>): Promise<AttackResult> {
  let result = await once();
  for (let tries = 1; tries < 3 && !result.passed; tries++) result = await once();
  return result;
}

/** Attacks with bodies that inflate to a gigabyte, on both sides. */
export const BODY_ATTACKS: readonly Attack[] = [{
  name: "1 MB of gzip that inflates to 1 GB, sent to the server",
  bar: `413, blocked at most ${MAX_BLOCK_MS} ms, grown by less than ${MAX_GROWTH_MB} MB`,
  run: () =>
    takeBest(() =>
      withServer(undefined, async (url) => {
        const body = gzipSync(new Uint8Array(1_000_000_000)).slice();
        const before = await readStats(url);
        const response = await fetch(`${url}/xml-rpc`, {
          method: "POST",
          headers: { "content-type": "text/xml", "content-encoding": "gzip" },
          body,
        });
        await response.body?.cancel();
        const after = await readStats(url);
        const result = judge(
          String(response.status),
          after.longestMs,
          (after.rss - before.rss) / 1e6,
        );
        return { ...result, passed: result.passed && response.status === 413 };
      })
    ),
}, {
  name: "1 MB of gzip that inflates to 1 GB, sent to the client",
  bar: `too-large, blocked at most ${MAX_BLOCK_MS} ms, grown by less than ${MAX_GROWTH_MB} MB`,
  run: () =>
    takeBest(async () => {
      const body = gzipSync(new Uint8Array(1_000_000_000));
      await using server = serveTcp(async (connection) => {
        await connection.read(new Uint8Array(65_536));
        const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}`;
        await writeBytes(connection, head, body);
      });
      await using client = startRole("client_role.ts", [
        "bomb",
        `http://127.0.0.1:${server.port}/`,
      ]);
      const { counts, longestMs, grownMb } = JSON.parse((await client.line("done")).slice(5));
      const answer = Object.keys(counts).join();
      const result = judge(answer, longestMs, grownMb);
      return { ...result, passed: result.passed && answer === "too-large, true" };
    }),
}];

async function writeBytes(connection: Deno.TcpConn, head: string, body: Uint8Array) {
  await writeText(connection, `${head}\r\n\r\n`);
  for (let at = 0; at < body.length;) at += await connection.write(body.subarray(at));
}

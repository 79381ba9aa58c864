import { FairTime } from "../../tests/support/fair_time.ts";
import { type Attack, readStats, startRole, withServer } from "./attack.ts";

/** Opens so many connections as can be opened, up to a number. */
async function openConnections(port: number, count: number): Promise<Deno.TcpConn[]> {
  const opened: Deno.TcpConn[] = [];
  for (let index = 0; index < count; index++) {
    try {
      opened.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    } catch {
      break; // refused: the listener is gone for the moment
    }
  }
  return opened;
}

/** Asks until the server answers again; returns the fair milliseconds that it took. */
async function waitForAnswer(url: string): Promise<number> {
  await using time = new FairTime();
  while (time.elapsedMs < 20_000) {
    try {
      const response = await fetch(`${url}/livez`);
      await response.body?.cancel();
      if (response.ok) return time.elapsedMs;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error("The server does not answer any more");
}

/** Attacks that use up the file descriptors of a process. */
export const DESCRIPTOR_ATTACKS: readonly Attack[] = [{
  name: "200 connections to a server with 100 descriptors, three times",
  bar: "answers again within 2 s on the same port, logs it once",
  run: () =>
    withServer({ openFiles: 100 }, async (url) => {
      const port = Number(new URL(url).port);
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        const opened = await openConnections(port, 200);
        await new Promise((resolve) => setTimeout(resolve, 200));
        for (const connection of opened) connection.close();
        times.push(await waitForAnswer(url));
      }
      const { lines, state } = await readStats(url);
      const slowestMs = Math.max(...times);
      return {
        measured: `answers after ${slowestMs.toFixed(0)} ms, ${lines.length} lines, ${state}`,
        passed: slowestMs < 2000 && lines.length === 1 && state === "listening",
      };
    }),
}, {
  name: "connections that take 64, 100 and 256 descriptors from the start on, for a second",
  bar: "answers again within 2 s on the same port, logs it once",
  run: async () => {
    const results: string[] = [];
    let passed = true;
    for (const limit of [64, 100, 256]) {
      await withServer({ openFiles: limit }, async (url) => {
        const opened = await openConnections(Number(new URL(url).port), 2 * limit);
        await new Promise((resolve) => setTimeout(resolve, 1000)); // Deno opens a pipe meanwhile
        for (const connection of opened) connection.close();
        const timeMs = await waitForAnswer(url);
        const { lines, state } = await readStats(url);
        results.push(`${limit}: ${timeMs.toFixed(0)} ms, ${lines.length} lines`);
        passed &&= timeMs < 2000 && lines.length === 1 && state === "listening";
      });
    }
    return { measured: results.join("; "), passed };
  },
}, {
  name: "300 calls at once by a client with 100 descriptors",
  bar: "every call ends: answered, or unreachable with proof; a later one is answered",
  run: () =>
    withServer({}, async (url) => {
      await using client = startRole("client_role.ts", ["crowd", `${url}/xml-rpc`, "300"], 100);
      const { counts, after } = JSON.parse((await client.line("done")).slice(5));
      const { ok = 0, "unreachable, false": unreachable = 0 } = counts;
      return {
        measured: `${ok} answered, ${unreachable} unreachable, later: ${after}`,
        passed: ok + unreachable === 300 && ok > 0 && after === "ok",
      };
    }),
}];

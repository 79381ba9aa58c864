import { serveTcp, writeText } from "../../tests/support/tcp_server.ts";
import { type Attack, type AttackResult, readStats, startRole, withServer } from "./attack.ts";
import { type Bomb, createBombs } from "./bombs.ts";

const MAX_BLOCK_MS = 50;
const MAX_GROWTH_MB = 32;
const BAR =
  `refused, loop blocked at most ${MAX_BLOCK_MS} ms, grown by less than ${MAX_GROWTH_MB} MB`;

/** Effects of one kind of bomb. */
interface Effect {
  readonly name: string;
  /** Whether it was refused as it should be. */
  readonly isRefused: boolean;
  readonly answer: string;
  readonly longestMs: number;
  readonly grownMb: number;
}

/** Names the worst of all effects. */
function judge(effects: readonly Effect[]): AttackResult {
  const worst = (key: "longestMs" | "grownMb") =>
    effects.reduce((worst, effect) => effect[key] > worst[key] ? effect : worst);
  const [slowest, largest] = [worst("longestMs"), worst("grownMb")];
  const wrong = effects.filter(({ isRefused }) => !isRefused);
  const parts = [
    `${effects.length} kinds`,
    `blocked ${slowest.longestMs.toFixed(0)} ms (${slowest.name})`,
    `+${largest.grownMb.toFixed(0)} MB (${largest.name})`,
    ...wrong.map(({ name, answer }) => `${name}: ${answer}`),
  ];
  const passed = slowest.longestMs <= MAX_BLOCK_MS && largest.grownMb < MAX_GROWTH_MB;
  return { measured: parts.join(", "), passed: passed && wrong.length === 0 };
}

/** Sends a body; returns the status, or the error if the server stopped reading. */
async function send(url: string, { coding, body }: Bomb, pieceBytes: number): Promise<string> {
  const headers = { "content-type": "text/xml", "content-encoding": coding };
  const whole = pieceBytes === Infinity ? body : ReadableStream.from(cut(body, pieceBytes));
  const response = await fetch(`${url}/xml-rpc`, { method: "POST", headers, body: whole });
  await response.body?.cancel();
  return String(response.status);
}

function* cut(body: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
}

/** Sends each kind to a server of its own, as many times at once. */
async function attackServer(
  bombs: readonly Bomb[],
  times: number,
  pieceBytes = Infinity,
  kind: "deno" | "node" = "deno",
) {
  const effects: Effect[] = [];
  for (const bomb of bombs) {
    await withServer({ kind }, async (url) => {
      const before = await readStats(url);
      const sent = Array.from({ length: times }, () => send(url, bomb, pieceBytes));
      const answers = [...new Set(await Promise.all(sent))];
      const { longestMs, peak } = await readStats(url);
      effects.push({
        name: bomb.name,
        isRefused: answers.join() === String(bomb.status),
        answer: answers.join(),
        longestMs,
        grownMb: (peak - before.rss) / 1e6,
      });
    });
  }
  return judge(effects);
}

/** Answers the calls of one client process with each kind, as many times at once. */
async function attackClient(bombs: readonly Bomb[], times: number): Promise<AttackResult> {
  await using server = serveTcp(async (connection) => {
    const buffer = new Uint8Array(65_536);
    const length = await connection.read(buffer) ?? 0;
    const request = new TextDecoder().decode(buffer.subarray(0, length));
    const bomb = bombs[Number(/^POST \/(\d+)/.exec(request)?.[1])];
    if (bomb === undefined) return;
    const { coding, body } = bomb;
    await writeText(
      connection,
      `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    for (let at = 0; at < body.length;) at += await connection.write(body.subarray(at));
  });
  const url = `http://127.0.0.1:${server.port}/`;
  const paths = [...bombs.keys()].join();
  await using client = startRole("client_role.ts", ["bombs", url, paths, String(times)]);
  const effects: Effect[] = [];
  for (const [index, { name, code }] of bombs.entries()) {
    const line = await client.line(`done ${index} `);
    const { counts, ...figures } = JSON.parse(line.slice(line.indexOf("{")));
    const answer = JSON.stringify(counts);
    const isRefused = counts[`${code}, true`] === times;
    effects.push({ name, answer, isRefused, ...figures });
  }
  return judge(effects);
}

/** Sends the first part of many bombs, and nothing more; the server goes on to answer. */
async function stall(bombs: readonly Bomb[], count: number): Promise<AttackResult> {
  return await withServer({}, async (url) => {
    const port = Number(new URL(url).port);
    const before = await readStats(url);
    const opened: Deno.TcpConn[] = [];
    for (let index = 0; index < count; index++) {
      const { coding, body } = bombs[index % bombs.length] ?? { coding: "", body: undefined };
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      opened.push(connection);
      await writeText(
        connection,
        `POST /xml-rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n` +
          `Content-Encoding: ${coding}\r\nContent-Length: 3000000\r\n\r\n`,
      );
      await connection.write(body?.subarray(0, 60_000) ?? new Uint8Array());
    }
    const { longestMs, peak } = await readStats(url);
    for (const connection of opened) connection.close();
    const grownMb = (peak - before.rss) / 1e6;
    return judge([{ name: "stalled", isRefused: true, answer: "", longestMs, grownMb }]);
  });
}

const bombs = createBombs();
const named = (...names: string[]) => bombs.filter(({ name }) => names.includes(name));

/** Attacks with compressed bodies on both sides. */
export const BODY_ATTACKS: readonly Attack[] = [{
  name: "compressed bodies to the server, one of each kind",
  bar: BAR,
  run: () => attackServer(bombs, 1),
}, {
  name: "compressed bodies to the server, 8 at once",
  bar: BAR,
  run: () => attackServer(named("gzip", "raw deflate", "br", "members"), 8),
}, {
  name: "compressed bodies to the server, 4 at once in pieces of 500 bytes",
  bar: BAR,
  run: () => attackServer(named("gzip", "members", "garbage"), 4, 500),
}, {
  name: "compressed bodies to the server, 4 at once in pieces of 100 bytes",
  bar: BAR,
  run: () => attackServer(named("gzip", "members", "garbage"), 4, 100),
}, {
  name: "compressed bodies to the server on node:http, 4 at once in pieces of 100 bytes",
  bar: BAR,
  run: () => attackServer(named("gzip", "members", "garbage"), 4, 100, "node"),
}, {
  name: "compressed bodies to the server that end with a bomb, 4 at once",
  bar: BAR,
  run: () => attackServer(named("late"), 4),
}, {
  name: "compressed bodies to the server, 16 at once",
  bar: BAR,
  run: () => attackServer(named("gzip", "members", "garbage"), 16),
}, {
  name: "compressed bodies to the server that stall, 100 at once",
  bar: BAR.replace("refused", "goes on to answer"),
  run: () => stall(named("gzip", "raw deflate", "cut noise"), 100),
}, {
  name: "compressed bodies to the client, one of each kind",
  bar: BAR,
  run: () => attackClient(bombs, 1),
}, {
  name: "compressed bodies to the client, 4 at once",
  bar: BAR,
  run: () => attackClient(named("gzip", "raw deflate", "br", "members"), 4),
}];

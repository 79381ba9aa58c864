import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/etcd_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { HANG_MS } from "../support/events.ts";

const PAGE = Deno.readTextFileSync(new URL("../../docs/shell.md", import.meta.url));

/** A transcript of the page: what is printed before the first prompt, then commands. */
function readTranscript(program: string) {
  const block = [...PAGE.matchAll(/```console\n([^]*?)```/g)].map(([, text = ""]) => text)
    .find((text) => text.includes(program));
  assert.ok(block, `docs/shell.md has a transcript of ${program}`);
  const [, start = "", ...turns] = block.split(/^\$ /m);
  return {
    greeting: start.slice(start.indexOf("\n") + 1),
    turns: turns.map((turn) => ({
      command: turn.slice(0, turn.indexOf("\n")),
      output: turn.slice(turn.indexOf("\n") + 1),
    })),
  };
}

/** Without what differs from run to run: ids, ports, and the widths that follow from them. */
function normalize(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replace(/([-= ])\1+/g, "$1")
    .trim();
}

/** An example with its shell, whose commands are piped to it. */
function start(name: string, etcd: string, httpPort: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--allow-net=localhost:${etcd},127.0.0.1:${etcd},127.0.0.1:${httpPort}`,
      "--allow-env=GRPC_*",
      fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url)),
      "--etcd",
      `localhost:${etcd}`,
      "--http-port",
      String(httpPort),
      "--shell",
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  /** Reads until the normalized output is complete. Returns what is new. */
  const read = async (isComplete: (text: string) => boolean, expected: string) => {
    const from = seen.length;
    const late = setTimeout(() => child.kill("SIGKILL"), HANG_MS);
    while (!isComplete(normalize(seen))) {
      const { value, done } = await output.read();
      assert.ok(!done, `${name} ended without printing\n${expected}\nbut\n${seen.slice(from)}`);
      seen += value;
    }
    clearTimeout(late);
    return seen.slice(from);
  };
  return {
    /** Waits until the normalized output ends with a string. Returns the new output. */
    until: (ending: string) => read((text) => text.endsWith(normalize(ending)), ending),
    /** Waits until the normalized output has each line of a string, in whichever order. */
    async untilAll(expected: string): Promise<void> {
      const lines = normalize(expected).split("\n");
      await read((text) => lines.every((line) => text.split("\n").includes(line)), expected);
    },
    async type(line: string): Promise<void> {
      await input.write(new TextEncoder().encode(`${line}\n`));
    },
    async end(): Promise<number> {
      await input.close();
      while (!(await output.read()).done);
      return (await child.status).code;
    },
  };
}

Deno.test("The transcripts in docs/shell.md are what the examples print", async () => {
  await using etcd = await testEtcd();
  const [exported, consumed] = [readTranscript("exporter.ts"), readTranscript("consumer.ts")];
  const port = freePort();
  const exporter = start("exporter", String(etcd.clientPort), port);
  await exporter.until(exported.greeting);
  const follow = async (process: typeof exporter, turns: typeof exported.turns) => {
    for (const { command, output } of turns) {
      await process.type(command);
      const printed = await process.until(output);
      assert.equal(normalize(printed), normalize(output), command);
    }
  };
  await follow(exporter, exported.turns);
  const consumer = start("consumer", String(etcd.clientPort), port);
  await consumer.untilAll(consumed.greeting);
  await follow(consumer, consumed.turns);
  assert.equal(await consumer.end(), 0);
  assert.equal(await exporter.end(), 0);
  assert.ok(exported.turns.length + consumed.turns.length >= 8);
});

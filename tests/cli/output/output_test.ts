import assert from "node:assert/strict";
import { formatAge } from "../../../src/cli/output/ages.ts";
import { parseDuration } from "../../../src/cli/arguments.ts";
import { Output } from "../../../src/cli/output/output.ts";
import { Progress } from "../../../src/cli/output/progress.ts";
import { drawColumns } from "../../../src/cli/output/text_table.ts";

/** Creates an output, with what it wrote. */
function createOutput(
  { isTerminal = false, isJson = false, env = {} }: {
    readonly isTerminal?: boolean;
    readonly isJson?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  },
) {
  const texts = { out: "", err: "" };
  const createStream = (name: "out" | "err") => ({
    isTerminal,
    columns: undefined,
    write: (text: string) => void (texts[name] += text),
  });
  const io = {
    stdout: createStream("out"),
    stderr: createStream("err"),
    signal: new AbortController().signal,
    getEnv: (name: string) => env[name],
    readFile: () => Promise.reject(new Error("no file")),
  };
  return { output: new Output(io, { isJson, isVerbose: false }), texts, io };
}

const HOSTILE = "a\x1b[2J\u202e\n\x9b\u2028 http://ada:secret@host/x";

Deno.test("Output escapes control characters and hides passwords in lines, tables and errors", async () => {
  const { output, texts } = createOutput({ isTerminal: true, env: { NO_COLOR: "1" } });
  const safe = "a\\u{1b}[2J\\u{202e}\\u{a}\\u{9b}\\u{2028} http://host/x";
  await output.writeLine(HOSTILE);
  await output.writeTable(["NAME"], [[HOSTILE]]);
  await output.writeError(HOSTILE);
  await output.writeNote(HOSTILE);
  assert.equal(texts.out, `${safe}\nNAME\n${safe}\n`);
  assert.equal(texts.err, `error: ${safe}\n${safe}\n`);
});

Deno.test("Output writes JSON that is safe on a terminal and reads back", async () => {
  const { output, texts } = createOutput({ isJson: true });
  const value = { text: "a\x1b\x9b\u202e\u{e0001}", number: 12n, set: new Set([1]) };
  await output.writeJson(value);
  await output.writeJsonLine({ url: ["http://ada:secret@host/x", "http:/\t/ada:a secret@host/x"] });
  assert.match(texts.out, /^[\x20-\x7e\n]+$/);
  const [last, ...rest] = texts.out.trimEnd().split("\n").reverse();
  assert.deepEqual(JSON.parse(rest.reverse().join("\n")), { ...value, number: "12", set: [1] });
  assert.deepEqual(JSON.parse(last ?? ""), { url: ["http://host/x", "http://host/x"] });
  await output.writeError("no \x1b luck");
  assert.deepEqual(JSON.parse(texts.err), { error: "no \x1b luck" });
});

Deno.test("Output has colours on a terminal only, and not with NO_COLOR or a dumb terminal", async () => {
  const cases = [
    { isTerminal: true, env: {}, hasColours: true },
    { isTerminal: false, env: {}, hasColours: false },
    { isTerminal: true, env: { NO_COLOR: "1" }, hasColours: false },
    { isTerminal: true, env: { TERM: "dumb" }, hasColours: false },
  ];
  for (const { hasColours, ...options } of cases) {
    const { output, texts } = createOutput(options);
    await output.writeTable(["A", "B"], [[output.paint("x", "red"), "y"]]);
    await output.writeError("no");
    assert.equal(texts.out.includes("\x1b["), hasColours);
    assert.equal(texts.err.includes("\x1b["), hasColours);
  }
});

Deno.test("Columns line up by what is seen, with styles and without", () => {
  const paint = (text: string) => `\x1b[31m${text}\x1b[39m`;
  const table = drawColumns(["A", "B"], [["long one", "x"], [{ text: "é", paint }, "y"]]);
  assert.equal(table, "A         B\nlong one  x\n\x1b[31mé\x1b[39m         y\n");
});

Deno.test("Progress shows a bar on a terminal only, and removes it", () => {
  for (const isTerminal of [true, false]) {
    const { io, texts } = createOutput({ isTerminal });
    const progress = new Progress(io.stderr, "Reading");
    progress.show(50, 100);
    progress.show(100, 100);
    progress.close();
    progress.close();
    const half = "#".repeat(12) + "-".repeat(12);
    const bars = `\rReading [${half}] 50/100\x1b[K\rReading [${
      "#".repeat(24)
    }] 100/100\x1b[K\r\x1b[K`;
    assert.equal(texts.err, isTerminal ? bars : "");
  }
  const { io, texts } = createOutput({ isTerminal: true });
  const progress = new Progress(io.stderr, "Reading");
  progress.show(500, 500);
  progress.show(3, 99);
  assert.equal(texts.err, "", "no bar for what is little or done at once");
});

Deno.test("formatAge has the two largest units", () => {
  const cases: readonly (readonly [number | undefined, string])[] = [
    [undefined, "-"],
    [0, "0s"],
    [999, "0s"],
    [59_999, "59s"],
    [60_000, "1m"],
    [3_725_000, "1h 2m"],
    [90_000_000, "1d 1h"],
    [-7_200_000, "in 2h"],
  ];
  for (const [ageMs, text] of cases) assert.equal(formatAge(ageMs), text);
});

Deno.test("parseDuration reads seconds and the times of etcdctl", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["5", 5000],
    ["0.5", 500],
    ["500ms", 500],
    ["1m30s", 90_000],
    ["1h", 3_600_000],
  ];
  for (const [text, ms] of cases) assert.equal(parseDuration(text, "--timeout"), ms);
  for (const text of ["", "0", "-1", "x", "5x", "1 s", "1e3", "86401", "Infinity", "0ms"]) {
    assert.throws(() => parseDuration(text, "--timeout"), {
      name: "UsageError",
      message: `Cannot use --timeout ${text}: give seconds up to 86400, or a time such as 500ms`,
    });
  }
});

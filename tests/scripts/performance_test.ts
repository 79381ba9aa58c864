import assert from "node:assert/strict";
import { drawPlot } from "../../scripts/performance/plot.ts";
import { formatSummary, type RatioSeries, summarize } from "../../scripts/performance/ratio.ts";
import { formatReport } from "../../scripts/performance/report.ts";

const SERVER: RatioSeries = {
  what: "server, 8 connections",
  peer: "bare echo",
  pairs: [50, 90, 70, 60, 80].map((ours) => ({ ours, peer: 100 })),
  bar: { leastShare: 0.65 },
};
const CLIENT: RatioSeries = {
  what: "client, 1 at a time",
  peer: "bare client",
  pairs: [80, 50, 100].map((ours) => ({ ours, peer: 100 })),
  bar: { mostTimes: 1.15 },
};

Deno.test("summarize returns median and spread of the pairs, and compares them with the aim", () => {
  const server = summarize(SERVER);
  assert.deepEqual([server.share, server.lowest, server.highest], [0.7, 0.5, 0.9]);
  assert.equal(server.text, "70 % (50 to 90)");
  assert.equal(server.passed, true);
  const client = summarize(CLIENT);
  assert.equal(client.text, "1.25 times (1.00 to 2.00)");
  assert.equal(client.passed, false);
  assert.equal(
    formatSummary(client),
    "client, 1 at a time: 1.25 times (1.00 to 2.00) of bare client; at most 1.15 times: " +
      "NOT reached\n  80/s beside 100/s",
  );
});

Deno.test("formatReport and drawPlot show every figure with its date", async () => {
  const summaries = [summarize(SERVER), summarize(CLIENT)];
  const date = "2026-01-31";
  const report = formatReport(summaries, { date, machine: "2 cores" });
  assert.match(report, /^Measured on 2026-01-31: 2 cores\.$/m);
  assert.match(report, /^\| server, 8 connections +\| 70\/s .* 70 % \(50 to 90\).* reached +\|$/m);
  assert.match(report, /^\| client, 1 at a time +\| 80\/s .* 1\.25 times .* not reached +\|$/m);
  const plot = drawPlot(summaries, date);
  assert.match(plot, /^<svg .*<\/svg>\n$/s);
  for (const text of [date, ...summaries.map(({ what }) => what)]) assert.ok(plot.includes(text));
  assert.doesNotMatch(plot, /NaN|undefined/);
  await assertFormatted(report);
});

Deno.test("docs/performance.md has the form of the generator and a date", async () => {
  const read = (name: string) => Deno.readTextFile(new URL(`../../docs/${name}`, import.meta.url));
  const page = await read("performance.md");
  const [, date = ""] = /^Measured on (\d{4}-\d\d-\d\d): .*Deno \d/m.exec(page) ?? [];
  assert.notEqual(date, "");
  assert.ok((await read("performance.svg")).includes(date));
  const generated = formatReport([], { date, machine: "" });
  const withoutResults = (text: string) => [
    text.slice(0, text.indexOf("## Results")),
    text.slice(text.indexOf("## Repeat it")),
  ];
  assert.deepEqual(withoutResults(page), withoutResults(generated));
});

/** Fails if `deno fmt` would change a document. */
async function assertFormatted(document: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--check", "--quiet", "--ext", "md", "--line-width", "100", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = command.stdin.getWriter();
  await writer.write(new TextEncoder().encode(document));
  await writer.close();
  const { success, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

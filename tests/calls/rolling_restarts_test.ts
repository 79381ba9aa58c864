import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LineProcess } from "../../scripts/line_process.ts";

Deno.test("Rolling restarts of exporter processes lose no call", async () => {
  const script = fileURLToPath(new URL("../../scripts/rolling_restarts.ts", import.meta.url));
  await using run = new LineProcess("rolling", Deno.execPath(), [
    "run",
    "-A",
    "--quiet",
    script,
    "--restarts",
    "6",
    "--min-calls",
    "1000",
  ]);
  await run.line("6 restarts of 3 exporters", 120_000);
  assert.equal(await run.exit(), 0, run.lines.join("\n"));
});

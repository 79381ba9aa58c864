import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { memory, remoteServices } from "../../mod.ts";
import { LineProcess } from "../../scripts/line_process.ts";

const PROGRAM = fileURLToPath(new URL("interrupted_program.ts", import.meta.url));

/** Starts the program with the permission that its HTTP server needs, and no other. */
function start(drainMs: number): LineProcess {
  const args = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", PROGRAM];
  return new LineProcess("program", Deno.execPath(), [...args, String(drainMs)]);
}

Deno.test("untilInterrupted closes the host after SIGINT or SIGTERM, with exit code 0", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await using program = start(1);
    await program.line("ready");
    program.kill(signal);
    assert.equal(await program.exit(), 0, signal);
    assert.deepEqual(program.lines, ["ready", "closed"]);
  }
});

Deno.test("A second signal ends the process at once, with 128 plus its number", async () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    await using program = start(1_000_000);
    await program.line("ready");
    program.kill(signal);
    // Signals of one kind that arrive together are one signal.
    const repeat = setInterval(() => program.kill(signal), 50);
    assert.equal(await program.exit().finally(() => clearInterval(repeat)), code);
    assert.deepEqual(program.lines, ["ready"]);
  }
});

Deno.test("untilInterrupted resolves when the host is closed otherwise, and removes its listeners", async () => {
  const host = await remoteServices({ discovery: [memory()] });
  const ended = host.untilInterrupted();
  await host.close();
  await ended;
});

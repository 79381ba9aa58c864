import assert from "node:assert/strict";
import { MAX_TIMER_MS, SYSTEM_CLOCK } from "../../src/util/mod.ts";

Deno.test("SYSTEM_CLOCK fires a timer once, no earlier than its delay", async () => {
  const startedMs = SYSTEM_CLOCK.now();
  await new Promise<void>((resolve) => void SYSTEM_CLOCK.startTimer(20, resolve));
  assert.ok(SYSTEM_CLOCK.now() - startedMs >= 19);
});

Deno.test("SYSTEM_CLOCK never fires a cancelled or an infinite timer, nor a very long one at once", async () => {
  const fired: string[] = [];
  SYSTEM_CLOCK.startTimer(1, () => fired.push("cancelled")).cancel();
  SYSTEM_CLOCK.startTimer(Infinity, () => fired.push("infinite")).cancel();
  const long = SYSTEM_CLOCK.startTimer(3 * MAX_TIMER_MS, () => fired.push("long"));
  await new Promise<void>((resolve) => void SYSTEM_CLOCK.startTimer(20, resolve));
  long.cancel();
  assert.deepEqual(fired, []);
});

Deno.test("SYSTEM_CLOCK gives the system's time, random numbers and UUIDs of version 4", () => {
  assert.ok(Math.abs(SYSTEM_CLOCK.epochMs() - Date.now()) < 1000);
  const value = SYSTEM_CLOCK.random();
  assert.ok(value >= 0 && value < 1);
  assert.match(SYSTEM_CLOCK.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
});

Deno.test("SYSTEM_CLOCK lets the process end before a timer that does not keep it", async () => {
  const clock = new URL("../../src/util/clock.ts", import.meta.url).href;
  const run = async (keepsProcess: boolean) => {
    const code = `import { SYSTEM_CLOCK } from "${clock}";
      SYSTEM_CLOCK.startTimer(300, () => console.log("fired"), { keepsProcess: ${keepsProcess} });`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--quiet", `data:text/typescript,${encodeURIComponent(code)}`],
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assert.equal(await run(false), "");
  assert.equal(await run(true), "fired");
});

import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { testEtcd } from "../support/etcd.ts";
import { runCommandOnTerminal, runOnTerminal } from "../support/pseudo_terminal.ts";
import { checkSnapshot, maskVariables } from "../support/snapshot.ts";
import { advertise, CLI, exportAdder, PERMISSIONS, runCli } from "./support.ts";

/** Runs the program on a pseudo-terminal; lines end as the program wrote them. */
async function onTerminal(args: readonly string[]) {
  const { seen, code } = await runOnTerminal([...PERMISSIONS, CLI, ...args], []);
  return { code, text: seen.replaceAll("\r\n", "\n") };
}

Deno.test("The help of the program and of each command is as in its snapshot", async () => {
  const program = await onTerminal(["--help"]);
  assert.equal(program.code, 0);
  await checkSnapshot("help", program.text);
  assert.equal((await runCli(["help"])).out, program.text, "piped it is the same");
  for (const { name, options = [] } of COMMANDS) {
    const { code, out, err } = await runCli([name, "--help"], { isTerminal: true });
    assert.deepEqual([code, err], [0, ""]);
    await checkSnapshot(`help_${name}`, out);
    for (const option of options) assert.ok(out.includes(`  --${option.name} `), option.name);
    assert.equal((await runCli(["help", name])).out, out);
    assert.ok(out.split("\n").every((line) => line.length <= 100), `${name}: a line is too long`);
  }
});

Deno.test("Tables on a terminal have colours and escape control characters", async () => {
  await using etcd = await testEtcd();
  await using _host = await exportAdder(etcd.endpoint);
  await using _discovery = await advertise(etcd.endpoint, {
    id: "00000000-0000-4000-8000-000000000000",
    interfaces: ["evil.\x1b[31mRed\u202e", "evil.Other"],
    containerId: "http://ada:secret@127.0.0.1:9/xml-rpc",
    timestampMs: Date.now() - 7_500_000,
  });
  const where = ["--etcd", etcd.endpoint];
  const order = (text: string) => {
    const [head = "", ...rows] = text.trimEnd().split("\n");
    return [head, ...rows.sort((a, b) => Number(a.includes("evil")) - Number(b.includes("evil")))]
      .join("\n") + "\n";
  };
  const mask = (text: string) => order(maskVariables(text)).replace(/\b\d{1,2}s /g, "Ns ");
  const listed = await onTerminal(["endpoints", ...where]);
  assert.equal(listed.code, 0);
  await checkSnapshot("endpoints", mask(listed.text));
  const pinged = await onTerminal(["ping", ...where]);
  assert.equal(pinged.code, 1);
  await checkSnapshot("ping", mask(pinged.text));
  const piped = await runCli(["ping", ...where]);
  // deno-lint-ignore no-control-regex
  assert.equal(mask(piped.out), mask(pinged.text.replace(/\x1b\[\d*m/g, "")), "without colours");
});

Deno.test("Errors on a terminal are red, and name the failure and what to do", async () => {
  const texts = [];
  for (
    const args of [
      ["endpoint"],
      ["call", "my.Adder"],
      ["endpoints", "--etcd", "127.0.0.1:9"],
      ["endpoints", "--timeout", "never"],
      ["ping", "--bearer-file", "/nowhere"],
    ]
  ) {
    const { text, code } = await onTerminal(args);
    texts.push(`$ remote-services ${args.join(" ")}\n${text}=> ${code}\n`);
  }
  await checkSnapshot("errors", texts.join(""));
});

Deno.test("A long listing shows its progress on the terminal, and NO_COLOR has no colours", async () => {
  await using etcd = await testEtcd();
  const inits = Array.from({ length: 1200 }, () => ({}));
  await using _discovery = await advertise(etcd.endpoint, ...inits);
  const { seen, code } = await runCommandOnTerminal([
    "env",
    "NO_COLOR=1",
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    ...PERMISSIONS,
    CLI,
    "endpoints",
    "--etcd",
    etcd.endpoint,
  ], []);
  assert.equal(code, 0);
  assert.match(seen, /\rReading keys \[#{10}-{14}\] 500\/1201/);
  const [bars = "", ...rest] = seen.split("\r\x1b[KENDPOINT");
  assert.match(bars, /1201\/1201/, "the bar is removed before the table");
  assert.equal(rest.length, 1);
  assert.ok(!rest.join().includes("\x1b["));
});

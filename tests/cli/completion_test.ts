import assert from "node:assert/strict";
import { runs } from "../../scripts/etcd.ts";
import { testEtcd } from "../support/etcd.ts";
import { runCommandOnTerminal, type TerminalStep } from "../support/pseudo_terminal.ts";
import { advertise, exportAdder, makeProgramFolder, runCli } from "./support.ts";

/** Returns the completions of the last word. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await runCli(["__complete", "--", ...words]);
  assert.deepEqual([code, err], [0, ""]);
  return out.split("\n").filter((line) => line !== "");
}

Deno.test("The completion knows commands, options, files and words", async () => {
  const commands = await complete("");
  for (const name of ["endpoints", "doctor", "completions", "help"]) {
    assert.ok(commands.includes(name), name);
  }
  assert.ok(!commands.includes("__complete"));
  assert.deepEqual(await complete("wa"), ["watch"]);
  assert.deepEqual(await complete("--vers"), ["--version"]);
  assert.deepEqual(await complete("endpoints", "--rea"), ["--reach"]);
  assert.deepEqual(await complete("call", "--rea"), [], "an option of another command");
  assert.deepEqual(await complete("watch", "--cacert", ""), [":file"]);
  assert.deepEqual(await complete("watch", "--cacert=/et"), [":file"]);
  assert.deepEqual(await complete("watch", "--user", ""), [], "a value that nobody knows");
  assert.deepEqual(await complete("completions", ""), ["bash", "zsh", "fish"]);
  assert.deepEqual(await complete("completions", "bash", ""), []);
  assert.deepEqual(await complete("help", "pi"), ["ping"]);
  assert.deepEqual(await complete("help", "_"), [], "a hidden command");
  assert.deepEqual(await complete("shell", "listex"), ["listexports"]);
  assert.deepEqual(await complete("nonsense", ""), []);
});

Deno.test("The completion has interfaces and methods, but none that a shell would run", async () => {
  await using etcd = await testEtcd();
  await using _host = await exportAdder(etcd.endpoint);
  await using _discovery = await advertise(
    etcd.endpoint,
    { interfaces: ["my.$(reboot)", "my.`x`", "my.a;b", "my.\x1b[2J", "my.Other"] },
  );
  const where = ["--etcd", etcd.endpoint];
  assert.deepEqual((await complete("call", ...where, "")).toSorted(), ["my.Adder", "my.Other"]);
  assert.deepEqual(await complete("--etcd", etcd.endpoint, "ping", "my.A"), ["my.Adder"]);
  assert.deepEqual(await complete("call", "my.Adder", ...where, ""), ["add", "subtract"]);
  assert.deepEqual(await complete("call", "my.Adder", "add", ...where, ""), []);
});

Deno.test("The completion is silent if etcd is missing", async () => {
  const { out, err } = await runCli(["__complete", "--", "call", "--etcd", "127.0.0.1:1", ""]);
  assert.equal(out, "");
  assert.match(err, /^error: Cannot connect/, "the scripts drop it");
});

/**
 * Types lines in a shell that has loaded its script. The program itself only shows its
 * arguments, unless it is asked about completion.
 */
async function type(
  shell: readonly string[],
  setUp: string,
  lines: readonly (readonly [typed: string, shown: string])[],
): Promise<void> {
  await using folder = await makeProgramFolder("completions,__complete");
  const command = ["env", `PATH=${folder.path}:${Deno.env.get("PATH")}`, "PS1=> ", ...shell];
  const steps: TerminalStep[] = [["> ", `${setUp}\r`]];
  let expected = "loaded.*> ";
  for (const [typed, shown] of lines) {
    steps.push([expected, `${typed}\r`]);
    expected = `${shown.replace(/[[\].]/g, "\\$&")}.*> `;
  }
  const { code } = await runCommandOnTerminal(command, [...steps, [expected, "exit\r"]]);
  assert.equal(code, 0);
}

const SHELLS = [
  {
    name: "bash",
    command: ["bash", "--norc", "--noprofile"],
    setUp: "source <(remote-services completions bash); echo load''ed",
  },
  {
    name: "zsh",
    command: ["zsh", "-f"],
    setUp: "autoload -Uz compinit; compinit -D; source <(remote-services completions zsh); " +
      "PROMPT='> '; echo load''ed",
  },
  {
    name: "fish",
    command: ["fish", "--no-config", "-C", "function fish_prompt; echo '> '; end"],
    setUp: "remote-services completions fish | source; echo load''ed",
  },
] as const;

for (const { name, command, setUp } of SHELLS) {
  const ignore = !await runs(name, "--version");
  Deno.test({
    name: `${name} completes commands, interfaces, methods and files` +
      (ignore ? ` (there is no ${name})` : ""),
    ignore,
    fn: async () => {
      await using etcd = await testEtcd();
      await using _host = await exportAdder(etcd.endpoint);
      const { endpoint } = etcd;
      await type(command, setUp, [
        ["remote-services he\tpi\t", "RAN[help][ping]"],
        ["remote-services ping --top\t", "RAN[ping][--top-key]"],
        [
          `remote-services call --etcd ${endpoint} my.A\tsubt\t`,
          `RAN[call][--etcd][${endpoint}][my.Adder][subtract]`,
        ],
        ["remote-services watch --cacert /etc/host\t", "RAN[watch][--cacert][/etc/host"],
      ]);
    },
  });
}

/**
 * Gets what the tests need, runs them, and prints `N passed, N failed` as the last line.
 * Arguments go to `deno test`, as in `deno task test tests/xmlrpc`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { findEtcd } from "./etcd.ts";

/** Real Python clients and servers are part of the tests. */
async function ensurePython(): Promise<void> {
  if (await succeeds("python3", ["--version"])) return;
  if (await succeeds("apt-get", ["--version"]) && Deno.uid() === 0) {
    console.error("python3: apt-get install python3");
    const install = "apt-get update -qq; apt-get install -y -qq --no-install-recommends python3";
    if (await succeeds("sh", ["-c", install])) return;
  }
  throw new Error("The tests call Python's XML-RPC and are called by it: install python3");
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false; // there is no such program
  }
}

/** Runs the tests, passing their output on, and counts from its last line. */
async function runTests(etcd: string): Promise<{ passed: number; failed: number; code: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-prompt", ...Deno.args],
    env: { ETCD: etcd },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    output += new TextDecoder().decode(chunk);
  }
  const { code } = await child.status;
  // deno-lint-ignore no-control-regex
  const plain = output.replace(/\x1b\[[0-9;]*m/g, "");
  const [, passed = 0, failed = 0] = /\b(\d+) passed.*? \| (\d+) failed/.exec(plain) ?? [];
  return { passed: Number(passed), failed: Number(failed), code };
}

try {
  await ensurePython();
  const { passed, failed, code } = await runTests(await findEtcd());
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(code === 0 && passed === 0 ? 1 : code);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

/**
 * Gets what the tests need, runs them, and prints `N passed, N failed` as the last line.
 * Arguments go to `deno test`, as in `deno task test tests/xmlrpc`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { dirname } from "node:path";
import { findEtcd, installFromDebian, runs } from "./etcd.ts";

/** What the tests run besides etcd: the flag that shows it is there, and Debian's package. */
const PROGRAMS: [name: string, flag: string, pack: string, why: string][] = [
  ["python3", "--version", "python3", "its XML-RPC calls ours and is called by it"],
  ["openssl", "version", "openssl", "makes the certificates"],
  ["etcdctl", "version", "etcd-client", "switches authentication on and takes snapshots"],
];

async function ensurePrograms(): Promise<void> {
  for (const [name, flag, pack, why] of PROGRAMS) {
    if (await runs(name, flag)) continue;
    console.error(`${name}: apt-get install ${pack}`);
    if (await installFromDebian(pack) && await runs(name, flag)) continue;
    throw new Error(`The tests need ${name} (${why}): install it so that it is on the PATH`);
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
  const etcd = await findEtcd();
  // A release that was fetched has etcdctl beside etcd.
  if (etcd.includes("/")) Deno.env.set("PATH", `${dirname(etcd)}:${Deno.env.get("PATH") ?? ""}`);
  await ensurePrograms();
  const { passed, failed, code } = await runTests(etcd);
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(code === 0 && passed === 0 ? 1 : code);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

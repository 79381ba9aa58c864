/**
 * Installs what the tests need, runs them, and prints `N passed, N failed` as the last line.
 * Arguments are passed to `deno test`, as in `deno task test tests/xmlrpc`; `--fast` leaves out
 * the slow folders and runs the others in parallel.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { dirname } from "node:path";
import { findEtcd, installFromDebian, runs } from "./etcd.ts";

/** Programs that the tests run besides etcd: a flag to try them, Debian's package, the purpose. */
const PROGRAMS: [name: string, flag: string, pack: string, purpose: string][] = [
  ["python3", "--version", "python3", "its XML-RPC client and server are called"],
  ["openssl", "version", "openssl", "creates the certificates"],
  ["etcdctl", "version", "etcd-client", "enables authentication and takes snapshots"],
];

/** Tests that `--fast` leaves out: faults, load, simulations, other programs, conformance, documents. */
const SLOW = [
  "tests/faults",
  "tests/examples",
  "tests/docs",
  "tests/calls/rolling_restarts_test.ts",
  "tests/discovery/etcd3/simulation_test.ts",
  "tests/distribution/xmlrpc/isolation_test.ts",
  "tests/discovery/etcd3/etcd_semantics_test.ts",
  "tests/xmlrpc/codec/property_test.ts",
  "tests/xmlrpc/python_test.ts",
  "tests/shell",
  "tests/web/browser_test.ts",
  "tests/scripts",
  "tests/tck",
];
const FAST = ["--parallel", `--ignore=${SLOW.join(",")}`];

async function ensurePrograms(): Promise<void> {
  for (const [name, flag, pack, purpose] of PROGRAMS) {
    if (await runs(name, flag)) continue;
    console.error(`${name}: apt-get install ${pack}`);
    if (await installFromDebian(pack) && await runs(name, flag)) continue;
    throw new Error(
      `Cannot run the tests: ${name} is missing (${purpose}); install it on the PATH`,
    );
  }
}

/** Runs the tests, passes their output on, and reads the counts from its last line. */
async function runTests(etcd: string): Promise<{ passed: number; failed: number; code: number }> {
  const args = Deno.args.flatMap((argument) => argument === "--fast" ? FAST : [argument]);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-prompt", ...args],
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
  // A downloaded release has etcdctl beside etcd.
  if (etcd.includes("/")) Deno.env.set("PATH", `${dirname(etcd)}:${Deno.env.get("PATH") ?? ""}`);
  await ensurePrograms();
  const { passed, failed, code } = await runTests(etcd);
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(code === 0 && passed === 0 ? 1 : code);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

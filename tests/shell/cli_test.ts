import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { remoteServices } from "../../mod.ts";
import { testEtcd } from "../support/etcd.ts";

const CLI = fileURLToPath(new URL("../../src/shell/cli.ts", import.meta.url));

/** Runs the command line with just the permissions that its documentation states. */
async function cli(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-env=GRPC_*", CLI, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("The command line runs commands and exits with 0 or 1", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const { endpoint } = await host.register("my.Adder", { add: (a: number, b: number) => a + b });
  const where = ["--etcd", etcd.endpoint];

  const listed = await cli("endpoints", ...where, "--json");
  assert.equal(listed.code, 0, listed.err);
  assert.equal(JSON.parse(listed.out)[0]["endpoint.id"], endpoint.id);
  const none = await cli(...where, "endpoints", "(objectClass=your.*)", "--json");
  assert.deepEqual([none.code, JSON.parse(none.out)], [0, []]);
  const called = await cli("call", "my.Adder", "add", "[1, 2]", ...where);
  assert.deepEqual([called.code, called.out], [0, "3\n"], called.err);
  const failed = await cli("call", "my.Nope", "add", ...where);
  assert.deepEqual([failed.code, failed.out], [
    1,
    "call: No service my.Nope: see sl and endpoints\n",
  ]);
});

Deno.test("The command line exits with 0 for help, 2 for wrong use and 1 without etcd", async () => {
  const help = await cli("--help");
  assert.equal(help.code, 0);
  assert.match(help.out, /--etcd HOST:PORT/);
  const wrong = await cli("--nonsense");
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--nonsense/);
  assert.equal((await cli("sl", "--timeout", "x")).code, 2);
  assert.equal((await cli("nonsense")).code, 2);
  assert.equal((await cli("sl", "--etcd", "a:b:c")).code, 2);
  const missing = await cli("sl", "--etcd", "127.0.0.1:1", "--timeout", "1");
  assert.equal(missing.code, 1);
  assert.match(missing.err, /^Cannot connect to etcd at 127\.0\.0\.1:1/);
});

import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { testEtcd } from "../support/etcd.ts";
import { runCli } from "./support.ts";

Deno.test("The program lists endpoints, calls services and exits with 0 or 1", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const { endpoint } = await host.register("my.Adder", { add: (a: number, b: number) => a + b });
  const where = ["--etcd", etcd.endpoint];

  const listed = await runCli(["endpoints", ...where, "--json"]);
  assert.equal(listed.code, 0, listed.err);
  assert.equal(JSON.parse(listed.out)[0].id, endpoint.id);
  const none = await runCli([...where, "endpoints", "(objectClass=your.*)", "--json"]);
  assert.deepEqual([none.code, JSON.parse(none.out)], [0, []]);
  const called = await runCli(["call", "my.Adder", "add", "[1, 2]", ...where]);
  assert.deepEqual(called, { code: 0, out: "3\n", err: "" });
  const failed = await runCli(["call", "my.Added", "add", ...where]);
  assert.deepEqual(failed, {
    code: 1,
    out: "",
    err: "error: No service my.Added: did you mean my.Adder?\n",
  });
});

Deno.test("The program exits with 0 for help, 2 for wrong use and 1 without etcd", async () => {
  const help = await runCli(["--help"]);
  assert.deepEqual([help.code, help.err], [0, ""]);
  assert.match(help.out, /^Commands:$/m);
  const wrong = await runCli(["endpoints", "--nonsense"]);
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.match(wrong.err, /--nonsense/);
  assert.equal((await runCli(["endpoints", "--timeout", "x"])).code, 2);
  assert.equal((await runCli(["nonsense"])).code, 2);
  assert.equal((await runCli([])).code, 2);
  assert.equal((await runCli(["endpoints", "--etcd", "a:b:c"])).code, 2);
  const missing = await runCli(["endpoints", "--etcd", "127.0.0.1:1", "--timeout", "1"]);
  assert.deepEqual([missing.code, missing.out], [1, ""]);
  assert.match(missing.err, /^error: Cannot connect to etcd at 127\.0\.0\.1:1/);
});

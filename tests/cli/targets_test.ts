import assert from "node:assert/strict";
import { testEtcd } from "../support/etcd.ts";
import { advertise, type CliResult, runCli } from "./support.ts";

const ADDRESS = { containerId: "http://node-1:8181/xml-rpc" };

Deno.test("targets prints the addresses of the endpoints that a filter selects", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(
    etcd.endpoint,
    { ...ADDRESS, extras: new Map([["metrics", "true"]]) },
    { containerId: "http://node-2:8181/xml-rpc" },
  );
  const run = async (...words: string[]) =>
    await runCli(["targets", ...words, "--etcd", etcd.endpoint]);
  const { code, out } = await run("(metrics=true)");
  const [group, ...others] = JSON.parse(out);
  assert.deepEqual([code, others, group.targets], [0, [], ["node-1:8181"]]);
  assert.equal(group.labels.__meta_rsa_interfaces, ",my.Any,");
  assert.equal(group.labels.__meta_rsa_property_metrics, "true");
  assert.equal(JSON.parse((await run()).out).length, 2);
  assert.equal((await run("your.*")).out, "[]\n");
});

/** Runs `targets --listen` until a check of its address has ended. */
async function withTargets(
  args: readonly string[],
  check: (url: string) => Promise<void>,
): Promise<CliResult> {
  const stop = new AbortController();
  const { promise: served, resolve } = Promise.withResolvers<string>();
  const running = runCli(["targets", "--listen", "0", ...args], {
    signal: stop.signal,
    onNote: (text) => {
      const [url] = /http:\S+/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    },
  });
  try {
    await check(await Promise.race([served, running.then(({ err }) => assert.fail(err))]));
  } finally {
    stop.abort();
    await running;
  }
  return await running;
}

/** Resolves once the list is known. */
async function untilListed(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url);
    await response.body?.cancel();
    if (response.ok) return;
  }
}

Deno.test("targets --listen serves the present list until it is interrupted", async () => {
  await using etcd = await testEtcd();
  const discovery = await advertise(etcd.endpoint, ADDRESS);
  const { code } = await withTargets(["my.*", "--etcd", etcd.endpoint], async (url) => {
    const read = async () => {
      const response = await fetch(url);
      assert.equal(response.headers.get("content-type"), "application/json");
      return JSON.stringify(await response.json());
    };
    await untilListed(url);
    assert.match(await read(), /"targets":\["node-1:8181"\]/);
    await discovery.close();
    while (await read() !== "[]");
  });
  assert.equal(code, 0);
});

Deno.test("targets --listen serves at once while etcd is away, and fills once it is there", async () => {
  await using etcd = await testEtcd();
  await etcd.kill();
  const args = ["--etcd", etcd.endpoint, "--timeout", "1s"];
  const { code, err } = await withTargets(args, async (url) => {
    const response = await fetch(url);
    assert.equal(response.status, 503, "an empty list would end all monitoring");
    assert.match(await response.text(), /^The endpoints are not known yet/);
    await etcd.start();
    await using _discovery = await advertise(etcd.endpoint, ADDRESS);
    await untilListed(url);
    while (!(await (await fetch(url)).text()).includes("node-1:8181"));
    await etcd.kill();
    assert.match(await (await fetch(url)).text(), /node-1:8181/, "it stays known");
    await etcd.start();
  });
  assert.equal(code, 0);
  assert.match(err, /^Not connected to etcd yet: /m);
});

Deno.test("targets refuses an address to listen on that makes no sense", async () => {
  for (const listen of ["port", "99999", "host:"]) {
    assert.deepEqual(await runCli(["targets", "--listen", listen]), {
      code: 2,
      out: "",
      err: `error: Cannot use --listen ${listen}: give a port, such as 9099, or HOST:PORT\n`,
    });
  }
});

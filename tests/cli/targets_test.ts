import assert from "node:assert/strict";
import { testEtcd } from "../support/etcd.ts";
import { advertise, runCli } from "./support.ts";

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

Deno.test("targets --listen serves the present list until it is interrupted", async () => {
  await using etcd = await testEtcd();
  const discovery = await advertise(etcd.endpoint, ADDRESS);
  const stop = new AbortController();
  const { promise: served, resolve } = Promise.withResolvers<string>();
  const running = runCli(["targets", "my.*", "--listen", "0", "--etcd", etcd.endpoint], {
    signal: stop.signal,
    onNote: (text) => {
      const [url] = /http:\S+/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    },
  });
  const url = await Promise.race([served, running.then(({ err }) => assert.fail(err))]);
  const read = async () => {
    const response = await fetch(url);
    assert.equal(response.headers.get("content-type"), "application/json");
    return JSON.stringify(await response.json());
  };
  assert.match(await read(), /"targets":\["node-1:8181"\]/);
  await discovery.close();
  while (await read() !== "[]");
  stop.abort();
  assert.equal((await running).code, 0);
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

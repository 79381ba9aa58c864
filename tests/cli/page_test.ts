import assert from "node:assert/strict";
import { testEtcd } from "../support/etcd.ts";
import { advertise, type CliResult, runCli } from "./support.ts";

/** Runs `page` until a check of its address has ended. */
async function withPage(
  args: readonly string[],
  check: (url: string) => Promise<void>,
): Promise<CliResult> {
  const stop = new AbortController();
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  const running = runCli(["page", "--port", "0", ...args], {
    signal: stop.signal,
    onOutput: (text) => resolve(/http[^"\s]+/.exec(text)?.[0] ?? ""),
  });
  running.then(({ err }) => reject(new Error(err)));
  try {
    await check(await url);
  } finally {
    stop.abort();
  }
  return await running;
}

/** Opens the events of a page. */
async function openEvents(url: string) {
  const stream = await fetch(`${url}events`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    /** Resolves once the events have a part. */
    readUntil: async (part: string) => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? assert.fail(text);
    },
    [Symbol.asyncDispose]: async () => await reader?.cancel(),
  };
}

async function untilSynced(url: string): Promise<void> {
  await using page = await openEvents(url);
  await page.readUntil('"state":"synced"');
}

async function readStatus(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

Deno.test("page serves the live page of an observer until it is interrupted", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, { id: "one" });
  const { out } = await withPage(["--etcd", etcd.endpoint, "--title", "Test"], async (url) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.ok((await (await fetch(url)).text()).startsWith("<!DOCTYPE html>"));
    const settings = await (await fetch(`${url}settings`)).json();
    assert.deepEqual(settings, { title: "Test", allowsCalls: false });
    await untilSynced(url);
    const endpoint = await (await fetch(`${url}endpoint?id=one`)).json();
    assert.equal(endpoint.isCallable, false);
    const stream = await fetch(`${url}events`); // a browser that is still there at the end
    const reader = stream.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  });
  assert.match(out, /^The page is at http/);
});

/** Whether this machine has IPv6, at least to itself. */
const hasIpv6 = (() => {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false; // as in most containers
  }
})();

Deno.test({
  name: `page listens on an IPv6 address, with brackets or without${hasIpv6 ? "" : " (no IPv6)"}`,
  ignore: !hasIpv6,
  async fn() {
    await using etcd = await testEtcd();
    for (const host of ["::1", "[::1]"]) {
      await withPage(["--etcd", etcd.endpoint, "--host", host], async (url) => {
        assert.match(url, /^http:\/\/\[::1\]:\d+\/$/);
        assert.equal(await readStatus(url), 200);
      });
    }
  },
});

Deno.test("page allows calls only with --allow-calls", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, { id: "one" });
  await withPage(["--etcd", etcd.endpoint, "--allow-calls", "--json"], async (url) => {
    await untilSynced(url);
    const endpoint = await (await fetch(`${url}endpoint?id=one`)).json();
    assert.equal(endpoint.isCallable, true);
  });
});

Deno.test("page for other machines asks for a name and a password of --users-file", async () => {
  await using etcd = await testEtcd();
  const file = await Deno.makeTempFile();
  try {
    const args = ["--etcd", etcd.endpoint, "--host", "0.0.0.0"];
    const refused = await runCli(["page", ...args, "--port", "0"]);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /--users-file/);
    await Deno.writeTextFile(file, "ada:se:cret\n\nbob:x\n");
    await withPage([...args, "--users-file", file], async (url) => {
      assert.equal(await readStatus(url), 401);
      const authorization = `Basic ${btoa("ada:se:cret")}`;
      assert.equal(await readStatus(url, { headers: { authorization } }), 200);
    });
    await Deno.writeTextFile(file, "secret-without-name\n");
    const invalid = await runCli(["page", ...args, "--users-file", file]);
    assert.equal(invalid.code, 2);
    assert.ok(!invalid.err.includes("secret-without-name"));
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("page refuses an invalid port", async () => {
  for (const port of ["x", "65536", "1.5"]) {
    const { code, err } = await runCli(["page", `--port=${port}`]);
    assert.equal(code, 2);
    assert.match(err, /Cannot use --port .*: give 0 to 65535/);
  }
});

Deno.test("page is served while etcd is away, and fills once it is there", async () => {
  await using etcd = await testEtcd();
  await etcd.kill();
  const { err } = await withPage(["--etcd", etcd.endpoint, "--timeout", "1s"], async (url) => {
    await using page = await openEvents(url);
    await page.readUntil("Not connected yet: ");
    await etcd.start();
    await using _discovery = await advertise(etcd.endpoint, { id: "one" });
    await page.readUntil('"state":"synced"');
    await page.readUntil('"id":"one"');
  });
  const [failure, ...others] = err.trimEnd().split("\n");
  assert.match(failure ?? "", /^Not connected to etcd yet: Cannot connect to etcd at /);
  assert.match(others.at(-1) ?? "", /^Synced with etcd at \S+?(?:, after \d+ more times .*)?$/);
});

Deno.test("page says that etcd was lost, and that it is back", async () => {
  await using etcd = await testEtcd();
  const stop = new AbortController();
  const notes: string[] = [];
  const serving = Promise.withResolvers<string>();
  const back = Promise.withResolvers<void>();
  const running = runCli(["page", "--port", "0", "--etcd", etcd.endpoint], {
    signal: stop.signal,
    onOutput: (text) => serving.resolve(/http[^"\s]+/.exec(text)?.[0] ?? ""),
    onNote: (text) => {
      notes.push(text);
      if (text.startsWith("Synced")) back.resolve();
    },
  });
  await untilSynced(await serving.promise);
  await etcd.kill();
  await etcd.start();
  await back.promise;
  stop.abort();
  assert.equal((await running).code, 0);
  assert.equal(notes[0], `Lost etcd: The connection to etcd at ${etcd.endpoint} was lost\n`);
  assert.match(notes[1] ?? "", /^Synced with etcd at \S+ again/);
});

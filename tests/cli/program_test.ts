import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { VERSION } from "../../src/util/mod.ts";
import config from "../../deno.json" with { type: "json" };
import { createClient, testEtcd } from "../support/etcd.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { enableAuth, ROOT, USER } from "../support/etcd_users.ts";
import {
  advertise,
  createCommand,
  exportAdder,
  makeProgramFolder,
  runCli,
  spawnCli,
} from "./support.ts";

Deno.test("The program lists endpoints, calls services and exits with 0 or 1", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const { endpoint } = await host.register("my.Adder", { add: (a: number, b: number) => a + b });
  await host.topologyManager.advertised(endpoint.id);
  const where = ["--etcd", etcd.endpoint];

  const listed = await spawnCli(["endpoints", ...where, "--json"]);
  assert.equal(listed.code, 0, listed.err);
  const [first] = JSON.parse(listed.out);
  assert.equal(first.id, endpoint.id);
  assert.equal(first.properties["endpoint.id"], endpoint.id);
  assert.ok(first.ageSeconds >= 0 && first.ageSeconds < 60);
  const none = await spawnCli([...where, "endpoints", "(objectClass=your.*)", "--json"]);
  assert.deepEqual([none.code, JSON.parse(none.out)], [0, []]);
  const called = await spawnCli(["call", "my.Adder", "add", "[1, 2]", ...where]);
  assert.deepEqual(called, { code: 0, out: "3\n", err: "" });
  const failed = await spawnCli(["call", "my.Added", "add", ...where]);
  assert.deepEqual(failed, {
    code: 1,
    out: "",
    err: "error: No service my.Added: did you mean my.Adder?\n",
  });
});

Deno.test("The program exits with 2 for wrong use, and names what is wrong", async () => {
  const cases: readonly (readonly [args: readonly string[], message: string])[] = [
    [[], "Cannot run: the command is missing; see remote-services --help"],
    [["endpoint"], "Cannot run endpoint: there is no such command; did you mean endpoints?"],
    [["help", "pin"], "Cannot run pin: there is no such command; did you mean ping?"],
    [["--nonsense"], "Cannot use the option --nonsense: there is no such option; see --help"],
    [
      ["endpoints", "--jsn"],
      "Cannot use the option --jsn: there is no such option; did you mean --json?",
    ],
    [
      ["endpoints", "--join"],
      "Cannot use the option --join: there is no such option; did you mean --json?",
    ],
    [["endpoints", "--json=yes"], "Cannot give --json a value: it is a flag"],
    [
      ["endpoints", "--etcd"],
      "Cannot use --etcd: its value is missing; give --etcd HOST:PORT[,...]",
    ],
    [
      ["endpoints", "--user", "-v"],
      "Cannot use -v as the value of --user: write --user=-v if it is meant",
    ],
    [["ping", "--top-key", "a", "--top-key", "b"], "Cannot use --top-key twice: give it once"],
    [
      ["endpoints", "a", "b"],
      "Cannot run endpoints: b is one argument too many; give remote-services endpoints [INTERFACE | FILTER]",
    ],
    [
      ["call", "my.Adder"],
      "Cannot run call: an argument is missing; " +
      "give remote-services call INTERFACE METHOD [JSON ARRAY]",
    ],
    [
      ["endpoints", "--timeout", "x"],
      "Cannot use --timeout x: give seconds up to 86400, or a time such as 500ms",
    ],
    [
      ["endpoints", "--etcd", "a:b:c"],
      'Cannot use "a:b:c" as an etcd endpoint: give host:port; for several, give a list',
    ],
    [
      ["endpoints", "--etcd", ","],
      "Cannot use etcd without endpoints: the list is empty; give host:port",
    ],
    [
      ["endpoints", "--top-key", "a/b"],
      'Cannot use the top key "a/b": give a name without slash and space',
    ],
    [
      ["endpoints", "--etcd", "http://a,https://b"],
      "Cannot mix http:// endpoints with https:// or the tls option",
    ],
    [
      ["endpoints", "--user", "ada"],
      "Cannot authenticate as ada: the password is missing; " +
      "give --password-file, --user NAME:PASSWORD or ETCDCTL_PASSWORD",
    ],
    [
      ["endpoints", "--password-file", "/nowhere"],
      "Cannot use --password-file: the user is missing; give --user",
    ],
    [["ping", "--header", "no colon"], "Cannot use --header no colon: give NAME:VALUE"],
    [["ping", "--header", "a:b\nc"], "Cannot use --header a: give NAME:VALUE"],
    [
      ["call", "a", "b", "{}"],
      'Cannot read {}: give a JSON array, such as ["a", 1]',
    ],
    [
      ["watch", "((("],
      'Cannot read the filter "(((" at 1: expected the name of a property, ' +
      'found "(("',
    ],
    [["watch", "--count", "0"], "Cannot use --count 0: give a whole number from 1"],
    [["completions", "sh"], "Cannot write completions for sh: give bash, zsh, fish"],
  ];
  for (const [args, message] of cases) {
    assert.deepEqual(await runCli(args), { code: 2, out: "", err: `error: ${message}\n` });
  }
});

Deno.test("The program exits with 1 if etcd or a file is missing", async () => {
  const dead = await runCli(["endpoints", "--etcd", "127.0.0.1:1", "--timeout", "1"]);
  assert.deepEqual([dead.code, dead.out], [1, ""]);
  assert.match(dead.err, /^error: Cannot connect to etcd at 127\.0\.0\.1:1: .*refused.*\n$/i);
  const asJson = await runCli(["doctor", "--etcd", "127.0.0.1:1", "--json"]);
  assert.deepEqual([asJson.code, asJson.err, JSON.parse(asJson.out).errors], [1, "", 1]);
  const watched = await runCli(["watch", "--etcd", "127.0.0.1:1", "--json"]);
  assert.deepEqual([watched.code, watched.out], [1, ""]);
  assert.match(JSON.parse(watched.err).error, /^Cannot connect to etcd/);
  const file = await runCli(["endpoints", "--cacert", "/nowhere/ca.pem"]);
  assert.equal(file.code, 1);
  assert.match(file.err, /^error: Cannot read the file of --cacert: .*\/nowhere\/ca\.pem/);
});

Deno.test("The version of the program is that of the package", async () => {
  assert.equal(VERSION, config.version);
  assert.equal((await runCli(["--version"])).out, `remote-services ${VERSION}\n`);
  const { out } = await runCli(["--version", "--json"]);
  assert.deepEqual(JSON.parse(out), { name: "remote-services", version: VERSION });
});

Deno.test("--help with --json is what the command help writes with it", async () => {
  for (const name of [[], ["ping"]]) {
    const help = await runCli(["help", ...name, "--json"]);
    assert.deepEqual(await runCli([...name, "--json", "--help"]), help);
    assert.ok(typeof JSON.parse(help.out) === "object");
  }
});

Deno.test("Options may stand before the command, and --verbose writes the steps and causes", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, {});
  const { code, err } = await runCli(["--etcd", etcd.endpoint, "-v", "endpoints", "--json"]);
  assert.equal(code, 0);
  assert.match(
    err,
    /^Read 1 endpoint of 1 session from etcd at 127\.0\.0\.1:\d+, revision \d+\n$/,
  );
  const failed = await runCli(["--verbose", "endpoints", "--etcd", "127.0.0.1:1"]);
  assert.match(failed.err, /\ncaused by: .*refused/i);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`watch ends with 0 after ${signal}, and every line is JSON`, async () => {
    await using etcd = await testEtcd();
    await using _discovery = await advertise(etcd.endpoint, {});
    const args = ["watch", "--json", "--etcd", etcd.endpoint];
    await using child = createCommand(args).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("\n")) text += (await reader.read()).value ?? "";
    child.kill(signal);
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    const { code } = await child.status;
    const err = await new Response(child.stderr).text();
    assert.deepEqual([code, err], [0, ""]);
    const [first, ...others] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([first.type, first.interfaces, others], ["added", ["my.Any"], []]);
  });
}

Deno.test("An interrupted command exits with 130", async () => {
  const abort = new AbortController();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }); // accepts and says nothing
  const running = runCli(["endpoints", "--etcd", `127.0.0.1:${listener.addr.port}`], {
    signal: abort.signal,
  });
  const connection = await listener.accept();
  abort.abort();
  assert.deepEqual(await running, { code: 130, out: "", err: "" });
  connection.close();
});

Deno.test("The program ends without an error when the reader of its output has gone", async () => {
  await using etcd = await testEtcd();
  const inits = Array.from({ length: 2000 }, () => ({}));
  await using _discovery = await advertise(etcd.endpoint, ...inits);
  await using child = createCommand(["endpoints", "--json", "--etcd", etcd.endpoint]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const { code } = await child.status;
  assert.deepEqual([code, await new Response(child.stderr).text()], [0, ""]);
});

Deno.test("Commands that read do not change the store, and need the right to read only", async () => {
  await using etcd = await testEtcd();
  await using _host = await exportAdder(etcd.endpoint);
  await using client = createClient(etcd);
  const before = (await client.kv.range("a")).header.revision;
  await enableAuth(etcd, "read");
  const where = ["--etcd", etcd.endpoint, "--user", `${USER.username}:${USER.password}`];
  const commands = [
    ["endpoints", "--reach"],
    ["ping"],
    ["doctor"],
    ["call", "my.Adder", "add", "[1,2]"],
    ["shell", "sl"],
  ];
  for (const [name = "", ...args] of commands) {
    const { code, err } = await runCli([...where, name, ...args]);
    assert.deepEqual([name, code, err], [name, 0, ""]);
  }
  const completed = await runCli(["__complete", "--", "call", ...where, ""]);
  assert.deepEqual(completed, { code: 0, out: "my.Adder\n", err: "" });
  const stop = new AbortController();
  const watched = await runCli(["watch", ...where], {
    signal: stop.signal,
    onOutput: () => stop.abort(),
  });
  assert.match(watched.out, /added +my\.Adder/);
  await using root = new EtcdClient({ endpoints: etcd.endpoint, auth: ROOT });
  assert.equal((await root.kv.range("a")).header.revision, before);
});

Deno.test({
  name: "The program fails if its output cannot be written",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using folder = await makeProgramFolder();
    const { code, stderr } = await new Deno.Command("sh", {
      args: ["-c", "remote-services help > /dev/full"],
      env: { PATH: `${folder.path}:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
    }).output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), /No space left/);
  },
});

import assert from "node:assert/strict";
import { Framework, remoteServices } from "../../mod.ts";
import { COMPONENT_COMMANDS, CORE_COMMANDS, Shell } from "../../src/shell/mod.ts";
import { createTypist } from "../support/shell.ts";

Deno.test("Shell runs help, comments, commands of its user and quit", async () => {
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { startOffline: true, endpoints: "127.0.0.1:1" },
  });
  const { shell, good, bad, json } = createTypist(host, {
    commands: [{
      name: "shout",
      summary: "Says it loudly.",
      run: ({ args }, io) => io.write(args.join(" ").toUpperCase()),
    }],
  });
  const names = (await json("help")).map(({ name }: { name: string }) => name);
  for (const name of names) assert.match(await good(`help ${name}`), new RegExp(`^- ${name}`));
  assert.ok(names.includes("watch") && names.length === 33, String(names));
  assert.equal(await good("? lexps"), await good("help listexports"));
  assert.match(await bad("help nope"), /Unknown command nope/);
  assert.match(await bad("nope x"), /Unknown command nope: see help/);
  assert.equal(await good("  # a comment"), "");
  assert.equal(await good(""), "");
  assert.equal(await good("shout 'a  b' c"), "A  B C");
  assert.equal(await good("shout \x1b[2J\x07"), "\ufffd[2J\ufffd", "no terminal obeys a property");
  assert.equal((await json("discovery")).state, "connecting");
  assert.equal(shell.isQuit, false);
  await good("exit");
  assert.equal(shell.isQuit, true);
});

Deno.test("Shell completes commands, ids and interfaces", async () => {
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { startOffline: true, endpoints: "127.0.0.1:1" },
  });
  assert.ok(host.framework instanceof Framework);
  host.framework.registry.register("my.First", {});
  host.framework.registry.register("my.Second", {});
  const { shell } = createTypist(host);
  const candidates = (line: string) => shell.complete(line).candidates;
  assert.deepEqual(candidates("listex"), ["listexports"]);
  assert.ok(candidates("").length > 22);
  assert.deepEqual(candidates("sl my."), ["my.First", "my.Second"]);
  assert.deepEqual(candidates("call my.F"), ["my.First"]);
  assert.deepEqual(candidates("sd "), ["1", "2"]);
  assert.deepEqual(candidates("lcfgs ecf.xmlrpc.s"), ["ecf.xmlrpc.server"]);
  assert.deepEqual(candidates("help wat"), ["watch"]);
  assert.deepEqual(candidates("nope x"), []);
});

Deno.test("Shell accepts the scopes of iPOPO and ECF before a command", async () => {
  const framework = new Framework();
  framework.registry.register("my.First", {});
  const { good, bad, shell } = createTypist({ framework, admin: undefined, discoveries: [] });
  assert.equal(await good("default:sl"), await good("sl"));
  assert.equal(await good("ipopo:instances"), await good("instances"));
  for (
    const name of [
      "ecf:listexports",
      "rsa:lexps",
      "ECF:limps",
      "ecf:lns",
      "rsa:endpoint x",
      "rsa:endpoints",
    ]
  ) {
    assert.doesNotMatch(await type(name), /Unknown command/, name);
  }
  for (const name of ["ecf:sl", "felix:sl", "ecf:", ":sl"]) {
    assert.match(await bad(name), /^Unknown command/, name);
  }
  assert.ok(Shell.names.includes("ecf:updsvc"));
  assert.deepEqual(shell.complete("ecf:listex").candidates, ["ecf:listexports"]);
  assert.ok(shell.complete("").candidates.every((name) => !name.includes(":")));

  async function type(line: string): Promise<string> {
    let text = "";
    const write = (part: string) => void (text += part);
    await shell.execute(line, { write, signal: new AbortController().signal });
    return text;
  }
});

Deno.test("Shell says what to start if the host has no admin or no discovery", async () => {
  const framework = new Framework();
  const { bad } = createTypist({ framework, admin: undefined, discoveries: [] });
  for (const line of ["lexps", "limps", "lcfgs", "lcs", "impsvc x", "unexpsvc 1", "rsadebug"]) {
    assert.match(await bad(line), /Cannot find a remote service admin: start its bundle\n$/, line);
  }
  for (const line of ["discovery", "endpoints", "watch"]) {
    assert.match(await bad(line), /Cannot find a discovery: start its bundle/, line);
  }
});

Deno.test("Shell has the commands that are added while they are there", async () => {
  const framework = new Framework();
  using shell = new Shell({ framework, admin: undefined, discoveries: [] }, {
    builtIn: CORE_COMMANDS,
  });
  let text = "";
  const io = {
    write: (part: string) => void (text += part),
    signal: new AbortController().signal,
  };
  assert.equal(await shell.execute("instances", io), false);
  const added = shell.addCommands(COMPONENT_COMMANDS);
  assert.equal(await shell.execute("instances", io), true);
  added.close();
  assert.equal(await shell.execute("ipopo:instances", io), false);
  assert.match(text, /^Unknown command instances[^]*0 components running\nUnknown command ipopo:/);
});

/**
 * Calls a real iPOPO process through etcd and XML-RPC, and is called by one. Installs iPOPO
 * with pip into a temporary folder unless `$IPOPO_PYTHON` is a Python that has it.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { RemoteFault, remoteServices } from "../mod.ts";
import { findEtcd } from "./etcd.ts";
import { type EtcdProcess, freePort, startEtcd } from "./etcd_process.ts";
import { LineProcess } from "./line_process.ts";

const INTERFACE = "com.example.interop.IEcho";
const PEER = fileURLToPath(new URL("ipopo/peer.py", import.meta.url));

interface Echo {
  echo(value: unknown): unknown;
  fail(): void;
}

/** Values that must come back as they were sent. */
const VALUES: readonly unknown[] = ["text", 1, 1.5, true, null, ["a", 1, [null]], { name: "x" }];

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}

/** Returns a Python that has iPOPO. */
async function preparePython(folder: string): Promise<string> {
  const given = Deno.env.get("IPOPO_PYTHON");
  if (given !== undefined) return given;
  console.log("installing iPOPO ...");
  await run("python3", "-m", "venv", folder);
  await run(`${folder}/bin/pip`, "install", "--quiet", "ipopo[RSA]==3.2.4");
  return `${folder}/bin/python`;
}

function startPeer(python: string, role: "export" | "consume", etcdPort: number): LineProcess {
  return new LineProcess(`iPOPO ${role}`, python, [
    PEER,
    role,
    String(etcdPort),
    String(freePort()),
  ]);
}

/** iPOPO exports; its service is found with its properties, called, and gone with its process. */
async function callIpopo(python: string, etcdPort: number): Promise<void> {
  await using peer = startPeer(python, "export", etcdPort);
  await peer.line("exported");
  await using host = await remoteServices({ etcd: { endpoints: `localhost:${etcdPort}` } });
  const removed = Promise.withResolvers<void>();
  using _subscription = host.onEndpoint(({ type }) => {
    if (type === "removed") removed.resolve();
  });
  const echo = await host.service<Echo>(INTERFACE, { filter: "(&(colour=red)(size>=9))" });
  for (const value of VALUES) assert.deepEqual(await echo.echo(value), value);
  await assert.rejects(echo.fail(), (error) => {
    assert.ok(error instanceof RemoteFault);
    return error.faultString === "<class 'ValueError'>:on purpose";
  });
  peer.kill("SIGUSR1"); // sets one property to None
  await peer.line("changed");
  const changed = await host.service<Echo>(INTERFACE, { filter: "(shade=dark)" });
  assert.equal(await changed.echo("still there"), "still there");
  const [reference] = host.framework.registry.getReferences(INTERFACE);
  assert.deepEqual([reference?.properties.size, reference?.properties.colour], [undefined, "red"]);
  peer.kill("SIGTERM");
  await peer.exit();
}

/** iPOPO imports what this process exports, with typed properties, and calls it. */
async function beCalledByIpopo(python: string, etcdPort: number): Promise<void> {
  await using host = await remoteServices({
    etcd: { endpoints: `localhost:${etcdPort}` },
    http: { port: 0 },
    drainMs: 0,
  });
  await using registration = await host.register<Echo>(INTERFACE, {
    echo: (value) => value,
    fail: () => {
      throw new Error("on purpose");
    },
  }, { colour: "green", size: 10, exact: 1.5, words: ["a", "b c"], when: new Date(0) });
  await registration.advertised();
  await using peer = startPeer(python, "consume", etcdPort);
  await peer.line("echoed");
  assert.match(await peer.line("fault"), /on purpose/);
  const event = await peer.line("event").catch(() => "");
  if (event !== "") assert.match(event, /"colour": "green"/);
}

/** After etcd was restarted, iPOPO's consumer receives no events; one that is started then sees all. */
async function exportThroughRestart(python: string, etcd: EtcdProcess): Promise<void> {
  await using host = await remoteServices({
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
    drainMs: 0,
  });
  await using deaf = startPeer(python, "consume", etcd.clientPort);
  await deaf.line("waiting");
  await etcd.kill();
  await etcd.start();
  await using registration = await host.register<Echo>(INTERFACE, {
    echo: (value) => value,
    fail: () => {
      throw new Error("on purpose");
    },
  });
  await registration.advertised();
  await using peer = startPeer(python, "consume", etcd.clientPort);
  await peer.line("echoed");
  const events = deaf.lines.filter((line) => line.startsWith("event"));
  assert.deepEqual(events, [], "docs/from-ipopo.md says that it receives nothing");
}

/** Calls to iPOPO go on while etcd is restarted, and later go to its restarted process. */
async function callThroughRestart(python: string, etcd: EtcdProcess): Promise<void> {
  await using host = await remoteServices({ etcd: { endpoints: etcd.endpoint } });
  await using before = startPeer(python, "export", etcd.clientPort);
  const echo = await host.service<Echo>(INTERFACE);
  assert.equal(await echo.echo("before"), "before");
  await etcd.kill();
  assert.equal(await echo.echo("meanwhile"), "meanwhile");
  await etcd.start();
  assert.equal(await echo.echo("after"), "after");
  const added = Promise.withResolvers<void>();
  const known = host.endpoints.length;
  using _subscription = host.onEndpoint(() => {
    if (host.endpoints.length > known) added.resolve();
  });
  before.kill("SIGKILL"); // its key stays for the rest of its lease
  await using _after = startPeer(python, "export", etcd.clientPort);
  await added.promise;
  for (let count = 0; count < 10; count++) assert.equal(await echo.echo(count), count);
}

const folder = await Deno.makeTempDir({ prefix: "etcd3-ipopo-" });
try {
  const python = await preparePython(folder);
  await using etcd = await startEtcd(await findEtcd());
  await callIpopo(python, etcd.clientPort);
  console.log("ok: iPOPO exports, this library calls");
  await beCalledByIpopo(python, etcd.clientPort);
  console.log("ok: this library exports, iPOPO calls");
  await exportThroughRestart(python, etcd);
  console.log("ok: etcd restarts, a restarted iPOPO process sees what this library exports");
  await callThroughRestart(python, etcd);
  console.log("ok: etcd and iPOPO restart, this library calls on");
} finally {
  await Deno.remove(folder, { recursive: true });
}

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/etcd_process.ts";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { prefixEnd } from "../../src/etcd/mod.ts";
import { createClient, testEtcd } from "../support/etcd.ts";
import { runOnTerminal, type TerminalStep } from "../support/pseudo_terminal.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";
const PAGE = Deno.readTextFileSync(new URL("../../docs/osgi.md", import.meta.url));

/** Returns the lines of the transcript of a program in the page. */
function readTranscript(program: string): string[] {
  const block = [...PAGE.matchAll(/```console\n([^]*?)```/g)].map(([, text = ""]) => text)
    .find((text) => text.includes(program));
  assert.ok(block, `docs/osgi.md has a transcript of ${program}`);
  return block.trimEnd().split("\n").slice(1); // the first line is the command itself
}

/** Removes what differs between runs: ids, ports, and the widths that depend on them. */
function normalize(text: string): string {
  return text
    // deno-lint-ignore no-control-regex
    .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/(127\.0\.0\.1\]?:|port=)\d+/g, "$1<port>")
    .replace(/([-= ])\1+/g, "$1")
    .replaceAll("\r", "");
}

/** Checks that the output has every line of a transcript. */
function checkTranscript(program: string, seen: string): void {
  const output = normalize(seen);
  for (const line of readTranscript(program)) {
    assert.ok(output.includes(normalize(line).trim()), `${program} prints ${line}\n${seen}`);
  }
}

function run(program: string, steps: readonly TerminalStep[], ...args: string[]) {
  const path = fileURLToPath(new URL(`../../examples/tutorial/${program}`, import.meta.url));
  return runOnTerminal(["--allow-net", "--allow-env=GRPC_*", path, ...args], steps);
}

/** Both answers, in whichever order they come. */
const BOTH_ANSWERS = "(?=.*async response: )(?=.*promise response: ).*\\$ ";

Deno.test("Tutorial programs print on both consoles what docs/osgi.md shows", async () => {
  await using etcd = await testEtcd();
  // A pipe through which the consumer says that it has its answers, and the exporter may end.
  const pipe = `${etcd.dataDir}/answered`;
  const etcdPort = ["--etcd-port", String(etcd.clientPort)];
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  const implementation = run(
    "run_impl.ts",
    [
      ["Pelix Shell prompt \\*\\*", ""],
      ["Starting HTTP server.*HTTP server started", ""],
      ["CONNECTED etcd3 session_id=.*Etcd3 connected!.*\\$ ", `sl ${IHELLO}\r`],
      ["1 services registered.*\\$ ", "listexports\r"],
      ["xml-rpc.*\\$ ", "bl\r"],
      ["bundles installed.*\\$ ", ""],
      ["Deno.sayHelloPromise called by: DenoPromise.*\\$ ", ["timeout", "60", "cat", pipe]],
      ["", "quit\r"],
    ],
    ...etcdPort,
    "--http-port",
    String(freePort()),
  );
  const consumer = run("run_consumer.ts", [
    ["Pelix Shell prompt \\*\\*", ""],
    [BOTH_ANSWERS, "rsa:listimports\r"],
    ["xml-rpc.*\\$ ", `sl ${IHELLO}\r`],
    ["1 services registered.*\\$ ", "instances\r"],
    ["components running.*\\$ ", ["sh", "-c", `echo done > ${pipe}`]],
    ["", "quit\r"],
  ], ...etcdPort);
  const [exported, consumed] = await Promise.all([implementation, consumer]);
  assert.deepEqual([exported.code, consumed.code], [0, 0], exported.seen + consumed.seen);
  checkTranscript("run_impl.ts", exported.seen);
  checkTranscript("run_consumer.ts", consumed.seen);
  const order = ["sync response", "done with sayHelloAsync", "done with sayHelloPromise"];
  assert.match(consumed.seen, new RegExp(order.join("[^]*")));
});

Deno.test("Tutorial programs withdraw their endpoint when they are interrupted", async () => {
  await using etcd = await testEtcd();
  const httpPort = freePort();
  const { code, seen } = await run(
    "run_impl.ts",
    [
      ["Etcd3 connected!.*\\$ ", "listexports\r"],
      ["xml-rpc.*\\$ ", "\x03"],
    ],
    "--etcd-port",
    String(etcd.clientPort),
    "--http-port",
    String(httpPort),
  );
  assert.equal(code, 0, seen);
  assert.doesNotMatch(seen, /ERROR/);
  await using client = createClient(etcd);
  const rangeEnd = prefixEnd(DEFAULT_TOP_KEY);
  assert.equal(Number((await client.kv.range(DEFAULT_TOP_KEY, { rangeEnd })).count), 0);
});

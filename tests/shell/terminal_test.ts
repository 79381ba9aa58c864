import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/etcd_process.ts";
import { CLI, PERMISSIONS } from "../cli/support.ts";
import { testEtcd } from "../support/etcd.ts";
import { runOnTerminal } from "../support/pseudo_terminal.ts";

const script = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

Deno.test("Terminal completes, remembers and edits lines, and prints log lines above the prompt", async () => {
  await using etcd = await testEtcd();
  const exporter = [
    "--allow-net",
    "--allow-env=GRPC_*",
    script("examples/exporter.ts"),
    "--shell",
    "--etcd",
    etcd.endpoint,
    "--http-port",
    String(freePort()),
  ];
  const { seen, code } = await runOnTerminal(exporter, [
    ["Pelix Shell prompt \\*\\*.*\\$ ", "listex"],
    ["listex", "\t"],
    ["ports ", "\r"],
    ["Endpoint ID.*\\$ ", "call org.ecl"],
    ["call org.ecl", "\t"],
    ["IHello ", 'sayHello ["me", "hi"]\r'],
    ["Deno\\.sayHello called by: me.*Howdy me.*\\$ ", "\x1b[A"],
    ["sayHello", "\x1b[A"], // two lines up
    ["listexports", "\r"],
    ["Endpoint ID.*\\$ ", "nonsensX"],
    ["nonsensX", "\x7f"],
    ["\\$ ?[^$]*", "e\r"],
    ["Unknown command nonsense.*\\$ ", "half a line"],
    // Somebody calls while the line is typed: it stands whole again beneath what is logged.
    ["half a line", [
      Deno.execPath(),
      "run",
      "--quiet",
      ...PERMISSIONS,
      CLI,
      "--etcd",
      etcd.endpoint,
      "call",
      "org.eclipse.ecf.examples.hello.IHello",
      "sayHello",
      '["out", "hi"]',
    ]],
    ["called by: out with message: 'hi'\r?\n[^\n]*\\$ half a line", "\x03"],
    ["\\^C.*\\$ ", "watch\r"],
    ["Watching", "\x03"],
    ["\\$ ", "quit\r"],
  ]);
  assert.equal(code, 0, seen);
  assert.match(seen, /Withdrawn\r\n$/);
});

Deno.test("Terminal ends the program on Ctrl-C at an empty prompt", async () => {
  await using etcd = await testEtcd();
  const { seen, code } = await runOnTerminal([
    ...PERMISSIONS,
    CLI,
    "shell",
    "--etcd",
    etcd.endpoint,
  ], [
    ["\\$ ", "sl\r"],
    ["0 services registered.*\\$ ", "\x03"],
  ]);
  assert.equal(code, 0, seen);
});

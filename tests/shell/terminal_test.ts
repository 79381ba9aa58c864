import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/etcd_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { python } from "../support/python.ts";

const script = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Runs a program on a pseudo-terminal, and types when what is expected has appeared. */
const TYPIST = `
import json, os, pty, re, select, subprocess, sys, time
command, steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
seen, done = "", 0
def wait(pattern):
    global seen, done
    deadline = time.time() + 20
    while True:
        match = re.compile(pattern, re.S).search(seen, done)
        if match:
            done = match.end()
            return
        if time.time() > deadline:
            sys.exit("no " + pattern + " in " + repr(seen[done:]))
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536).decode(errors="replace")
            except OSError:
                sys.exit("ended before " + pattern + ": " + repr(seen))
for expected, typed in steps:
    wait(expected)
    if isinstance(typed, list):
        subprocess.run(typed, check=True, stdout=subprocess.DEVNULL)
    else:
        os.write(terminal, typed.encode())
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    seen += data.decode(errors="replace")
_, status = os.waitpid(pid, 0)
print(json.dumps({"seen": seen, "code": os.waitstatus_to_exitcode(status)}))
`;

async function type(
  args: readonly string[],
  steps: readonly [expected: string, typed: string | readonly string[]][],
): Promise<{ seen: string; code: number }> {
  const command = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...args];
  return JSON.parse(await python(TYPIST, [JSON.stringify([command, steps])]));
}

Deno.test("the prompt completes, remembers, edits, and is not disturbed by what is logged", async () => {
  await using etcd = await testEtcd();
  const exporter = [
    ...["--allow-net", "--allow-env=GRPC_*", script("examples/exporter.ts"), "--shell"],
    ...["--etcd", etcd.endpoint, "--http-port", String(freePort())],
  ];
  const { seen, code } = await type(exporter, [
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
      ...[Deno.execPath(), "run", "--quiet", "--allow-net", "--allow-env=GRPC_*"],
      ...[script("src/shell/cli.ts"), "--etcd", etcd.endpoint],
      ...["call", "org.eclipse.ecf.examples.hello.IHello", "sayHello", '["out", "hi"]'],
    ]],
    ["called by: out with message: 'hi'\r?\n[^\n]*\\$ half a line", "\x03"],
    ["\\^C.*\\$ ", "watch\r"],
    ["Watching", "\x03"],
    ["\\$ ", "quit\r"],
  ]);
  assert.equal(code, 0, seen);
  assert.match(seen, /Withdrawn\r\n$/);
});

Deno.test("Ctrl-C at an empty prompt ends the program", async () => {
  await using etcd = await testEtcd();
  const { seen, code } = await type([
    ...["--allow-net", "--allow-env=GRPC_*", script("src/shell/cli.ts"), "--etcd", etcd.endpoint],
  ], [
    ["\\$ ", "sl\r"],
    ["0 services registered.*\\$ ", "\x03"],
  ]);
  assert.equal(code, 0, seen);
});

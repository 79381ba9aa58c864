import { python } from "./python.ts";

/** Runs a program on a pseudo-terminal and types once the expected output has appeared. */
const TYPIST = `
import json, os, pty, re, select, subprocess, sys, time
command, steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.environ.pop("NO_COLOR", None)
    os.execvp(command[0], command)
seen, done = "", 0
def wait(pattern):
    global seen, done
    deadline = time.time() + 60
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

/** Expected output as a Python regular expression, and what is typed then, or a program to run. */
export type TerminalStep = readonly [expected: string, typed: string | readonly string[]];

/** Output of a program on a terminal, and its exit code. */
export interface TerminalResult {
  readonly seen: string;
  readonly code: number;
}

/** Runs a Deno program on a pseudo-terminal until it ends; returns its output and exit code. */
export async function runOnTerminal(
  args: readonly string[],
  steps: readonly TerminalStep[],
): Promise<TerminalResult> {
  const command = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...args];
  return await runCommandOnTerminal(command, steps);
}

/** Runs any program on a pseudo-terminal until it ends; returns its output and exit code. */
export async function runCommandOnTerminal(
  command: readonly string[],
  steps: readonly TerminalStep[],
): Promise<TerminalResult> {
  return JSON.parse(await python(TYPIST, [JSON.stringify([command, steps])]));
}

import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { advertise, makeProgramFolder } from "../cli/support.ts";
import { testEtcd } from "../support/etcd.ts";
import { maskVariables } from "../support/snapshot.ts";
import { findBlocks, readProjectFile } from "./markdown.ts";

/** Replaces what differs from run to run, also the width of columns. */
function mask(text: string): string {
  return maskVariables(text).replace(/\b\d+[smh](?= )/g, "Ns").replace(/ {2,}/g, "  ");
}

/** Returns the commands of the document with what they print. */
async function readSessions() {
  const path = "docs/command-line.md";
  const blocks = findBlocks(path, await readProjectFile(path))
    .filter(({ language }) => language === "console");
  return blocks.map(({ code, line }) => {
    const [, ...parts] = `\n${code.trimEnd()}\n`.split("\n$ ");
    const steps = parts.map((part) => {
      const end = part.indexOf("\n");
      return end < 0
        ? { command: part, printed: "" }
        : { command: part.slice(0, end), printed: part.slice(end + 1) };
    });
    return { line, steps };
  });
}

Deno.test("The commands of docs/command-line.md print what the document says", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const greet = (name?: string) => {
    if (name === undefined) throw new Error("Cannot greet undefined");
    return `Hello ${name}`;
  };
  const registration = await host.register("com.example.Greeter", { greet }, { zone: "eu" });
  await registration.advertised();
  await using _printer = await advertise(etcd.endpoint, {
    interfaces: ["com.example.Printer"],
    timestampMs: Date.now() - 7_230_000,
  });
  await using folder = await makeProgramFolder();
  const env = {
    PATH: `${folder.path}:${Deno.env.get("PATH")}`,
    ETCDCTL_ENDPOINTS: etcd.endpoint,
    NO_COLOR: "1",
  };
  const sessions = await readSessions();
  assert.ok(sessions.length >= 6);
  for (const { line, steps } of sessions) {
    const script = steps.map(({ command }) =>
      `${command} 2>&1; status=$?; echo '---'; ` +
      `(exit $status)`
    ).join("\n");
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script], env }).output();
    const printed = new TextDecoder().decode(stdout).split("---\n").slice(0, -1);
    const sort = (text: string) => mask(text).split("\n").filter((one) => one !== "").sort();
    assert.deepEqual(
      printed.map(sort),
      steps.map(({ printed }) => sort(printed)),
      `docs/command-line.md:${line}`,
    );
  }
});

import assert from "node:assert/strict";
import { LineProcess } from "../../scripts/line_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { findBlocks, readProjectFile, ROOT } from "./markdown.ts";
import { replaceAddresses } from "./programs.ts";

const blocks = findBlocks("README.md", await readProjectFile("README.md"))
  .filter(({ section }) => section === "First example");

/** Returns what the README says that a program prints, after the command that runs it. */
function findTranscript(name: string): string[] {
  const transcript = blocks.find(({ language, code }) =>
    language === "console" && code.split("\n")[0]?.endsWith(` ${name}`)
  );
  assert.ok(transcript, `README.md has a transcript of ${name}`);
  return transcript.code.trim().split("\n").slice(1);
}

Deno.test("The first example of the README runs as two programs and prints its transcript", async () => {
  await using etcd = await testEtcd();
  const folder = await Deno.makeTempDir({ prefix: "etcd3-readme-" });
  try {
    for (const { attributes: [attribute = ""], code } of blocks) {
      if (!attribute.startsWith("file=")) continue;
      const file = `${folder}/${attribute.slice("file=".length)}`;
      await Deno.writeTextFile(file, replaceAddresses(code, etcd.endpoint));
    }
    const start = (name: string) =>
      new LineProcess(name, Deno.execPath(), [
        "run",
        "--quiet",
        "--no-prompt",
        `--config=${ROOT}/deno.json`,
        "--allow-net",
        "--allow-env=GRPC_*",
        `${folder}/${name}`,
      ]);
    await using exporter = start("exporter.ts");
    for (const line of findTranscript("exporter.ts")) await exporter.line(line);
    await using consumer = start("consumer.ts");
    for (const line of findTranscript("consumer.ts")) await consumer.line(line);
    assert.equal(await consumer.exit(), 0);
    exporter.kill("SIGINT");
    assert.equal(await exporter.exit(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

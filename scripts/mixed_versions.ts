/**
 * Runs the exporter and the consumer of two versions of this repository together: the working
 * tree and an earlier commit (`--ref`), each way. Fails unless both discover and call.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findEtcd } from "./etcd.ts";
import { freePort, startEtcd } from "./etcd_process.ts";
import { LineProcess } from "./line_process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const { values: { ref } } = parseArgs({ options: { ref: { type: "string", default: "HEAD" } } });

/** Writes the files of a commit into a folder. */
async function checkOut(folder: string): Promise<void> {
  const archive = await new Deno.Command("git", {
    args: ["archive", "--format=tar", `--output=${folder}/tree.tar`, ref],
    cwd: ROOT,
  }).output();
  if (!archive.success) throw new Error(new TextDecoder().decode(archive.stderr));
  const tar = await new Deno.Command("tar", { args: ["xf", "tree.tar"], cwd: folder }).output();
  if (!tar.success) throw new Error(new TextDecoder().decode(tar.stderr));
}

function runExample(root: string, name: string, ...args: string[]): LineProcess {
  const command = ["run", "-A", "--quiet", `examples/${name}.ts`, ...args];
  return new LineProcess(`${name} in ${root}`, Deno.execPath(), command, { cwd: root });
}

/** Lets the consumer of one version call the exporter of another, also after a restart of it. */
async function check(etcd: string, exporterRoot: string, consumerRoot: string): Promise<void> {
  const port = String(freePort());
  const startExporter = () =>
    runExample(exporterRoot, "exporter", "--etcd", etcd, "--http-port", port);
  await using consumer = runExample(consumerRoot, "consumer", "--etcd", etcd);
  await consumer.line("Etcd3 connected!");
  for (let run = 1; run <= 2; run++) {
    await using exporter = startExporter();
    const id = (await exporter.line("Exported ")).split(" ").at(-1) ?? "";
    await consumer.line(`IHello endpoint added: ${id}`);
    await exporter.line("sayHelloPromise called by");
    exporter.kill("SIGTERM");
    if (await exporter.exit() !== 0) throw new Error(exporter.lines.join("\n"));
    await consumer.line(`IHello endpoint removed: ${id}`);
  }
  await consumer.line("promise response: DenoPromise says: Howdy");
}

const folder = await Deno.makeTempDir({ prefix: "etcd3-mixed-" });
try {
  await checkOut(folder);
  await using etcd = await startEtcd(await findEtcd());
  await check(etcd.endpoint, folder, ROOT);
  console.log(`ok: exporter of ${ref}, consumer of the working tree`);
  await check(etcd.endpoint, ROOT, folder);
  console.log(`ok: exporter of the working tree, consumer of ${ref}`);
} finally {
  await Deno.remove(folder, { recursive: true });
}

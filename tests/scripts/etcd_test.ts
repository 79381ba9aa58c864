import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { download, RELEASE } from "../../scripts/etcd.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { LineProcess } from "../../scripts/line_process.ts";
import { createClient } from "../support/etcd.ts";

Deno.test("download checks the SHA-256 of a file and reports the progress", async () => {
  const content = new Uint8Array(100_000).fill(7);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) =>
      request.url.endsWith("/gone")
        ? new Response(null, { status: 404 })
        : new Response(content, { headers: { "content-length": String(content.length) } }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const lines: string[] = [];
  const sha256 = createHash("sha256").update(content).digest("hex");
  assert.deepEqual(await download(url, sha256, (line) => lines.push(line)), content);
  assert.match(lines.join(), /100 %/);
  await assert.rejects(download(url, "0".repeat(64), () => {}), /SHA-256/);
  await assert.rejects(download(`${url}/gone`, sha256, () => {}), /404/);
});

Deno.test("RELEASE has a version and a SHA-256 for each archive", () => {
  assert.match(RELEASE.version, /^v3\.\d+\.\d+$/);
  for (const [file, sha256] of RELEASE.archives.values()) {
    assert.match(file ?? "", /(?:\.tar\.gz|\.zip)$/);
    assert.match(sha256 ?? "", /^[0-9a-f]{64}$/);
  }
});

Deno.test("freePort returns other ports each time, which the system gives to no connection", () => {
  const ports = Array.from({ length: 100 }, freePort);
  assert.equal(new Set(ports).size, 100);
  assert.ok(ports.every((port) => port >= 10_000 && port < 30_000), ports.join());
});

Deno.test("findEtcd lists every attempt if no etcd can be found", async () => {
  const script = new URL("../../scripts/etcd.ts", import.meta.url);
  const empty = await Deno.makeTempDir();
  const program = `${empty}/program.ts`;
  await Deno.writeTextFile(
    program,
    `import { findEtcd } from ${JSON.stringify(script.href)};
    await findEtcd().then((path) => console.log("found", path), (error) => console.log(error.message));`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    // Without the network nothing is downloaded, and without a user id nothing is installed.
    args: [
      "run",
      "--quiet",
      "--no-lock",
      "--allow-env",
      "--allow-run",
      "--allow-read",
      "--allow-sys",
      "--deny-net",
      "--no-prompt",
      program,
    ],
    env: {
      PATH: empty,
      HOME: empty,
      XDG_CACHE_HOME: empty,
      ETCD: `${empty}/none`,
      NO_COLOR: "1",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    },
    clearEnv: true,
  });
  const { stdout, stderr } = await child.output();
  const output = new TextDecoder().decode(stdout);
  await Deno.remove(empty, { recursive: true });
  for (
    const part of [
      "Cannot find etcd",
      "ETCD=",
      "PATH",
      "could not be downloaded",
      "Debian",
      "Install etcd",
    ]
  ) {
    assert.ok(output.includes(part), `${part} in ${output}${new TextDecoder().decode(stderr)}`);
  }
});

Deno.test("deno task etcd runs until SIGINT and keeps the data of --data-dir", async () => {
  const script = fileURLToPath(new URL("../../scripts/etcd.ts", import.meta.url));
  const port = freePort();
  const dataDir = await Deno.makeTempDir();
  /** Runs etcd, reads a key, writes it and ends etcd. Returns whether the key existed. */
  const visit = async (...more: string[]) => {
    const args = ["run", "-A", "--quiet", script, "--port", String(port), ...more];
    await using etcd = new LineProcess("etcd", Deno.execPath(), args);
    await etcd.line(`etcd listens at 127.0.0.1:${port}`);
    await using client = createClient({ endpoint: `127.0.0.1:${port}` });
    const { count } = await client.kv.range("a");
    await client.kv.put("a", "1");
    await client.close();
    etcd.kill("SIGINT");
    assert.equal(await etcd.exit(), 0);
    return count === 1n;
  };
  assert.equal(await visit("--data-dir", dataDir), false);
  assert.equal(await visit("--data-dir", dataDir), true);
  assert.equal(await visit(), false);
  await Deno.remove(dataDir, { recursive: true });
  await assert.rejects(
    Deno.connect({ hostname: "127.0.0.1", port }),
    Deno.errors.ConnectionRefused,
  );
});

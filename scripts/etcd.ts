/**
 * Finds or downloads an etcd binary. As a program, runs a local etcd in the foreground.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { freePort, startEtcd } from "./etcd_process.ts";

/** Release that is downloaded, with the SHA-256 of its archives. */
export const RELEASE = {
  version: "v3.6.14",
  archives: new Map([
    [
      "linux-x86_64",
      ["linux-amd64.tar.gz", "ffe840ff9295808e88cce2794a18a5ac87f12a5203c8314d0bf6aa119b41bac5"],
    ],
    [
      "linux-aarch64",
      ["linux-arm64.tar.gz", "fa1b80565ee6fc2df1ae6f57a508b221f3ecc7d591c317c581cd8281b0842b3e"],
    ],
    [
      "darwin-x86_64",
      ["darwin-amd64.zip", "17b8639cf303fee6c35958278d557263215a9a8f8c15fd89022b5aa67091b228"],
    ],
    [
      "darwin-aarch64",
      ["darwin-arm64.zip", "fd154573a1f4c098c214d8233507d2766c43a164f7e339c0385aae71d9a1afaf"],
    ],
  ]),
};

/** Longest silence of the download server. */
const SILENCE_MS = 8000;

type Log = (line: string) => void;
/** One way to get etcd: returns the path of a binary, or the reason of the failure. */
type Step = (log: Log) => Promise<{ path: string } | { reason: string }>;

/**
 * Returns the path of an etcd binary: `$ETCD`, the PATH, the cache, the official release or
 * Debian's package, whichever comes first.
 *
 * @throws {Error} if none is found; lists what was tried and what to do
 */
export async function findEtcd(log: Log = (line) => console.error(line)): Promise<string> {
  const reasons = [];
  for (const step of [fromVariable, fromPath, fromCache, fromRelease, fromDebian]) {
    const result = await step(log);
    if ("path" in result) return result.path;
    reasons.push(result.reason);
  }
  throw new Error(
    `Cannot find etcd:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}\n` +
      `Install etcd 3.4 or later so that it is on the PATH, or set ETCD to the path of its binary.`,
  );
}

const fromVariable: Step = async () => {
  const path = Deno.env.get("ETCD");
  if (path === undefined) return { reason: "ETCD is not set" };
  return await runs(path) ? { path } : { reason: `ETCD=${path} is not a program that runs` };
};

const fromPath: Step = async () =>
  await runs("etcd") ? { path: "etcd" } : { reason: "there is no etcd on the PATH" };

const fromCache: Step = async () => {
  const path = `${cacheFolder()}/etcd`;
  return await runs(path) ? { path } : { reason: `there is no etcd in ${cacheFolder()}` };
};

const fromRelease: Step = async (log) => {
  const archive = RELEASE.archives.get(`${Deno.build.os}-${Deno.build.arch}`);
  if (archive === undefined) {
    return { reason: `no release is pinned for ${Deno.build.os} on ${Deno.build.arch}` };
  }
  const [name = "", sha256 = ""] = archive;
  const file = `etcd-${RELEASE.version}-${name}`;
  const url = `https://github.com/etcd-io/etcd/releases/download/${RELEASE.version}/${file}`;
  try {
    log(`etcd: downloading ${file}`);
    const bytes = await download(url, sha256, log);
    return { path: await unpack(file, bytes) };
  } catch (error) {
    const reason = `the release could not be downloaded: ${
      error instanceof Error ? error.message : error
    }`;
    log(`etcd: ${reason}`);
    return { reason };
  }
};

const fromDebian: Step = async (log) => {
  const isDebian = await runs("apt-get", "--version");
  if (!isDebian) return { reason: "this system is not Debian or Ubuntu" };
  if (Deno.uid() !== 0) return { reason: "apt-get install etcd-server needs root" };
  log("etcd: apt-get install etcd-server");
  if (await installFromDebian("etcd-server") && await runs("etcd")) return { path: "etcd" };
  return { reason: "apt-get install etcd-server failed" };
};

/** Installs a Debian package, if this is Debian or Ubuntu and the user is root. Returns whether it did. */
export async function installFromDebian(name: string): Promise<boolean> {
  if (!await runs("apt-get", "--version") || Deno.uid() !== 0) return false;
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `apt-get update -qq; apt-get install -y -qq --no-install-recommends ${name}`],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/**
 * Downloads a file and checks its SHA-256.
 *
 * @throws {Error} if the server answers an error or is silent for 8 s, or the hash differs
 */
export async function download(url: string, sha256: string, log: Log): Promise<Uint8Array> {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Error(`no data for ${SILENCE_MS} ms`)), SILENCE_MS);
  };
  try {
    restartTimer();
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP status ${response.status}`);
    }
    const total = Number(response.headers.get("content-length") ?? 0);
    const chunks: Uint8Array[] = [];
    let length = 0;
    let reported = 0;
    for await (const chunk of response.body) {
      restartTimer();
      chunks.push(chunk);
      length += chunk.length;
      if (total > 0 && length >= reported + total / 4) {
        reported = length;
        log(`etcd: ${Math.round(100 * length / total)} % of ${Math.round(total / 1e6)} MB`);
      }
    }
    const hash = createHash("sha256");
    for (const chunk of chunks) hash.update(chunk);
    const found = hash.digest("hex");
    if (found !== sha256) throw new Error(`its SHA-256 is ${found} instead of ${sha256}`);
    return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

/** Unpacks an archive and moves its programs into the cache, `etcd` last. Returns its path. */
async function unpack(file: string, bytes: Uint8Array): Promise<string> {
  await Deno.mkdir(cacheFolder(), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: cacheFolder() });
  try {
    await Deno.writeFile(`${folder}/${file}`, bytes);
    const args = ["-xf", `${folder}/${file}`, "-C", folder];
    const { success } = await new Deno.Command("tar", { args, stderr: "null" }).output();
    if (!success) throw new Error("tar cannot unpack it");
    const inside = file.replace(/\.tar\.gz$|\.zip$/, "");
    for (const program of ["etcdctl", "etcdutl", "etcd"]) {
      await Deno.rename(`${folder}/${inside}/${program}`, `${cacheFolder()}/${program}`);
    }
    return `${cacheFolder()}/etcd`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${base}/remote-services-etcd3/${RELEASE.version}`;
}

/** Whether a program exists and can be run. */
export async function runs(program: string, flag = "--version"): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args: [flag], stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false; // there is no such program
  }
}

const HELP = `Runs a local etcd until Ctrl-C.

  deno task etcd [--port 2379] [--data-dir FOLDER]

  --port      client port; 0 takes a free one
  --data-dir  folder of the data; by default a temporary one`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      port: { type: "string", default: "2379" },
      "data-dir": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`Cannot use --port ${values.port}: give a number from 0 to 65535`);
  }
  const dataDir = values["data-dir"];
  await using etcd = await startEtcd(await findEtcd(), {
    clientPort: port === 0 ? freePort() : port,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const stopped = Promise.withResolvers<void>();
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, stopped.resolve);
  console.log(`etcd listens at ${etcd.endpoint}; Ctrl-C stops it`);
  const exited = etcd.exited.then((code) => {
    throw new Error(`etcd exited with code ${code}`);
  });
  await Promise.race([stopped.promise, exited]);
  exited.catch(() => {}); // the process is killed below
}

if (import.meta.main) {
  try {
    await main();
    Deno.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}

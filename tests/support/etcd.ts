import { EtcdClient } from "../../src/etcd/mod.ts";
import { findEtcd, runs } from "../../scripts/etcd.ts";
import {
  type EtcdProcess,
  type EtcdProcessOptions,
  startEtcd,
} from "../../scripts/etcd_process.ts";

let binary: Promise<string> | undefined;

/** Flags of a single member, which may elect itself at once. */
const ALONE = ["--heartbeat-interval=20", "--election-timeout=200"];

/** Starts an etcd for one test, in a temporary folder on free ports. */
export async function testEtcd(options: EtcdProcessOptions = {}): Promise<EtcdProcess> {
  const isAlone = options.initialCluster === undefined;
  const flags = [...isAlone ? ALONE : [], ...options.flags ?? []];
  return await startEtcd(await (binary ??= findEtcd()), { ...options, flags });
}

/** Creates a client of an etcd, whose calls fail only if etcd hangs. */
export function createClient(etcd: { readonly endpoint: string }): EtcdClient {
  return new EtcdClient({ endpoints: etcd.endpoint, callTimeoutMs: 60_000 });
}

/** Decodes a key or a value. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/**
 * Runs etcdctl.
 *
 * @throws {Error} if it fails
 */
export async function etcdctl(...args: readonly string[]): Promise<void> {
  await run("etcdctl", args);
}

/** Saves the data of an etcd in a file, which is deleted at the end. */
export async function saveSnapshot(
  etcd: EtcdProcess,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempFile();
  await etcdctl(`--endpoints=${etcd.endpoint}`, "snapshot", "save", path);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

/** Replaces the data of an etcd, which must not run, by a snapshot; from 3.6 on with etcdutl. */
export async function restoreSnapshot(etcd: EtcdProcess, path: string): Promise<void> {
  await etcd.wipe();
  const program = await runs("etcdutl", "version") ? "etcdutl" : "etcdctl";
  const peer = `http://127.0.0.1:${etcd.peerPort}`;
  await run(program, [
    "snapshot",
    "restore",
    path,
    `--data-dir=${etcd.dataDir}`,
    "--name=default",
    `--initial-cluster=default=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
  ]);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { ETCDCTL_API: "3" },
  }).output();
  if (!success) {
    throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}

/**
 * Takes the place of `tests/support/etcd.ts` in tests on Node and Bun: the etcd runs as a child
 * of the Deno process that started the tests, which controls it by HTTP requests.
 *
 * @module
 */
import process from "node:process";
import { EtcdClient } from "../../src/etcd/mod.ts";

/** An etcd, as far as the tests on other runtimes need it. */
export interface RemoteEtcd extends AsyncDisposable {
  readonly endpoint: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  wipe(): Promise<void>;
}

async function command(path: string, argument: unknown = null): Promise<string> {
  const url = `${process.env.ETCD_CONTROL}/${path}`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(argument) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** Starts an etcd for one test. */
export async function testEtcd(
  options: { readonly flags?: readonly string[]; readonly scheme?: "http" | "https" } = {},
): Promise<RemoteEtcd> {
  const endpoint = await command("open", options);
  const tell = async (verb: string) => void await command(`${verb}?${endpoint}`);
  return {
    endpoint,
    start: () => tell("start"),
    kill: () => tell("kill"),
    wipe: () => tell("wipe"),
    [Symbol.asyncDispose]: () => tell("close"),
  };
}

/** Runs etcdctl. */
export async function etcdctl(...args: readonly string[]): Promise<void> {
  await command("etcdctl", args);
}

/** Creates a client of an etcd. */
export function createClient(etcd: { readonly endpoint: string }): EtcdClient {
  return new EtcdClient({ endpoints: etcd.endpoint });
}

/** Decodes a key or a value. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

import { EtcdClient } from "../../src/etcd/mod.ts";
import { findEtcd } from "../../scripts/etcd.ts";
import {
  type EtcdProcess,
  type EtcdProcessOptions,
  startEtcd,
} from "../../scripts/etcd_process.ts";

let binary: Promise<string> | undefined;

/** Starts a real etcd of this test's own, in a temporary folder on free ports. */
export async function testEtcd(options: EtcdProcessOptions = {}): Promise<EtcdProcess> {
  return await startEtcd(await (binary ??= findEtcd()), options);
}

/** A client of that etcd. */
export function clientOf(etcd: { readonly endpoint: string }): EtcdClient {
  return new EtcdClient({ endpoints: etcd.endpoint });
}

/** The text of a key or a value. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

import { DEFAULT_TOP_KEY, encodeEndpoint } from "../../mod.ts";
import type { EtcdClient } from "../../src/etcd/mod.ts";
import { anEndpoint } from "./endpoints.ts";
import { text } from "./etcd.ts";

/** Peer that consists of keys only. */
export class KeyPeer {
  readonly sessionId = crypto.randomUUID();
  constructor(readonly client: EtcdClient) {}

  key(id: string): string {
    return `${DEFAULT_TOP_KEY}/${this.sessionId}/${id}`;
  }

  async put(id: string, timestampMs = 1): Promise<bigint> {
    const json = encodeEndpoint(anEndpoint({ id, timestampMs }), {
      sessionId: this.sessionId,
      hostIp: "h",
    });
    return (await this.client.kv.put(this.key(id), json)).revision;
  }

  async delete(id: string): Promise<void> {
    await this.client.kv.delete(this.key(id));
  }

  /** Returns the ids in etcd, by a listing. */
  async ids(): Promise<string[]> {
    const { kvs } = await this.client.kv.range(`${DEFAULT_TOP_KEY}/${this.sessionId}/`, {
      rangeEnd: `${DEFAULT_TOP_KEY}/${this.sessionId}0`,
    });
    return kvs.map(({ key }) => text(key).split("/")[2] ?? "").sort();
  }
}

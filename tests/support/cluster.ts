import { EtcdClient } from "../../src/etcd/mod.ts";
import { type EtcdProcess, freePort } from "../../scripts/etcd_process.ts";
import { testEtcd } from "./etcd.ts";

/** Cluster of etcd members on loopback. */
export class Cluster implements AsyncDisposable {
  readonly members: readonly EtcdProcess[];

  private constructor(members: readonly EtcdProcess[]) {
    this.members = members;
  }

  static async start(size = 3, flags: readonly string[] = []): Promise<Cluster> {
    const peers = Array.from(
      { length: size },
      (_, index) => ({ name: `m${index}`, port: freePort() }),
    );
    const initialCluster = peers.map(({ name, port }) => `${name}=http://127.0.0.1:${port}`).join(
      ",",
    );
    const members = await Promise.all(
      peers.map(({ name, port }) =>
        testEtcd({ name, peerPort: port, initialCluster, flags, waits: false })
      ),
    );
    await Promise.all(members.map((member) => member.answers()));
    return new Cluster(members);
  }

  get endpoints(): string[] {
    return this.members.map(({ endpoint }) => endpoint);
  }

  member(endpoint: string | undefined): EtcdProcess {
    const found = this.members.find((member) => member.endpoint === endpoint);
    if (found === undefined) throw new Error(`no member ${endpoint}`);
    return found;
  }

  /** Returns the leader. */
  async leader(): Promise<EtcdProcess> {
    for (const member of this.members) {
      await using client = new EtcdClient({ endpoints: member.endpoint });
      const { header, leader } = await client.maintenance.status();
      if (header.memberId === leader) return member;
    }
    throw new Error("there is no leader");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member[Symbol.asyncDispose]()));
  }
}

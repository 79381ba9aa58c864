import { LineProcess, type LineProcessOptions } from "../../scripts/line_process.ts";

/** Whether this system can create hosts: Linux, with `ip` of iproute2 and the rights of root. */
export const canCreateHosts: boolean = Deno.build.os === "linux" && Deno.uid() === 0 &&
  await run("ip", ["netns", "list"]).then(() => true, () => false);

let networks = 0;

/**
 * Two hosts with an Ethernet cable between them: network namespaces that share nothing, not
 * even loopback.
 */
export class TwoHosts implements AsyncDisposable {
  private constructor(
    readonly a: NetworkHost,
    readonly b: NetworkHost,
  ) {}

  static async create(): Promise<TwoHosts> {
    const name = `rs${Deno.pid}n${networks++}`;
    const hosts = new TwoHosts(
      new NetworkHost(`${name}a`, `${name}va`, "10.77.0.1"),
      new NetworkHost(`${name}b`, `${name}vb`, "10.77.0.2"),
    );
    const { a, b } = hosts;
    try {
      for (const { namespace } of [a, b]) await run("ip", ["netns", "add", namespace]);
      const peer = ["type", "veth", "peer", "name", b.device, "netns", b.namespace];
      await run("ip", ["link", "add", a.device, "netns", a.namespace, ...peer]);
      for (const host of [a, b]) await host.start();
    } catch (error) {
      await hosts[Symbol.asyncDispose]();
      throw error;
    }
    return hosts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { namespace } of [this.a, this.b]) {
      await run("ip", ["netns", "delete", namespace]).catch(() => {}); // it was not created
    }
  }
}

/** One of the hosts. */
export class NetworkHost {
  constructor(
    readonly namespace: string,
    readonly device: string,
    /** Its address on the cable. */
    readonly address: string,
  ) {}

  /** Switches the network on. */
  async start(): Promise<void> {
    await this.ip("link", "set", "lo", "up");
    await this.addAddress(this.address);
    await this.ip("link", "set", this.device, "up");
  }

  /** Pulls the cable out, or puts it in. */
  async setLink(state: "up" | "down"): Promise<void> {
    await this.ip("link", "set", this.device, state);
  }

  /** Drops every packet to an address, so that nothing from there is answered. */
  async dropPackets(address: string): Promise<void> {
    await this.ip("route", "add", "blackhole", `${address}/32`);
  }

  async addAddress(address: string): Promise<void> {
    await this.ip("address", "add", `${address}/24`, "dev", this.device);
  }

  async removeAddress(address: string): Promise<void> {
    await this.ip("address", "delete", `${address}/24`, "dev", this.device);
  }

  /** Starts a program on this host. */
  spawn(name: string, command: string, args: string[], options?: LineProcessOptions): LineProcess {
    return new LineProcess(
      name,
      "ip",
      ["netns", "exec", this.namespace, command, ...args],
      options,
    );
  }

  async ip(...args: string[]): Promise<void> {
    await run("ip", ["-n", this.namespace, ...args]);
  }
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stdout: "null" }).output();
  if (success) return;
  throw new Error(`Cannot run ${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

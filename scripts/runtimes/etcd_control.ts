import { runTool } from "../npm/tools.ts";
import { ROOT } from "../npm/project.ts";
import { type EtcdProcess, startEtcd } from "../etcd_process.ts";

/** Flags of a single member, which may elect itself at once. */
const FLAGS = ["--heartbeat-interval=20", "--election-timeout=200"];

/** Runs etcds for tests in other processes, which send `POST /open`, `/kill?ENDPOINT` and so on. */
export class EtcdControl implements AsyncDisposable {
  readonly #binary: string;
  readonly #etcds = new Map<string, EtcdProcess>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(binary: string) {
    this.#binary = binary;
    const address = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(address, (request) => this.#answer(request));
  }

  /** Address that the other processes have as `ETCD_CONTROL`. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    for (const etcd of this.#etcds.values()) await etcd[Symbol.asyncDispose]();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    try {
      const argument: unknown = await request.json();
      return new Response(await this.#execute(pathname.slice(1), search.slice(1), argument));
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  }

  async #execute(verb: string, endpoint: string, argument: unknown): Promise<string> {
    if (verb === "open") return await this.#open(argument);
    if (verb === "etcdctl") {
      const args = Array.isArray(argument) ? argument.map(String) : [];
      return await runTool("etcdctl", args, ROOT, { ETCDCTL_API: "3" });
    }
    const etcd = this.#etcds.get(endpoint);
    if (etcd === undefined) throw new Error(`Cannot ${verb} etcd: no etcd has ${endpoint}`);
    switch (verb) {
      case "start":
        await etcd.start();
        break;
      case "kill":
        await etcd.kill();
        break;
      case "wipe":
        await etcd.wipe();
        break;
      case "close":
        this.#etcds.delete(endpoint);
        await etcd[Symbol.asyncDispose]();
        break;
      default:
        throw new Error(`Cannot ${verb} etcd: give open, start, kill, wipe or close`);
    }
    return "";
  }

  async #open(options: unknown): Promise<string> {
    const { flags, scheme }: Record<string, unknown> = { ...Object(options) };
    const etcd = await startEtcd(this.#binary, {
      flags: [...FLAGS, ...Array.isArray(flags) ? flags.map(String) : []],
      scheme: scheme === "https" ? "https" : "http",
    });
    this.#etcds.set(etcd.endpoint, etcd);
    return etcd.endpoint;
  }
}

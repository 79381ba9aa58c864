/**
 * Runs etcd as a child process, for the demo, the benchmarks and the tests.
 *
 * @module
 */

/** Options of {@link startEtcd}. */
export interface EtcdProcessOptions {
  /** Port for clients. @default a free port */
  readonly clientPort?: number;
  /** Port for other members. @default a free port */
  readonly peerPort?: number;
  /** Folder of the data. @default a temporary folder, deleted at the end */
  readonly dataDir?: string;
  /** More flags of etcd. */
  readonly flags?: readonly string[];
  /** Members of the cluster, as `--initial-cluster` has them. @default this member alone */
  readonly initialCluster?: string;
  /** Name of the member. @default "default" */
  readonly name?: string;
  /** Whether to wait until etcd answers. @default true */
  readonly waits?: boolean;
  /** Scheme of the client URL. @default "http" */
  readonly scheme?: "http" | "https";
}

/** First port that is tried, and how many follow: below those of the system's own choice. */
const [FIRST_PORT, PORTS] = [10_000, 20_000];

let nextPort = Math.floor(Math.random() * PORTS);

/**
 * Returns a free port, another one each time. The system gives it to no connection and to no
 * server that leaves the choice to it, so that it stays free until it is used, and while its
 * server is restarted.
 */
export function freePort(): number {
  for (let tries = 0; tries < PORTS; tries++) {
    const port = FIRST_PORT + nextPort++ % PORTS;
    if (isFree(port)) return port;
  }
  throw new Error(`Cannot find a free port: none of ${PORTS} from ${FIRST_PORT} on is free`);
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false; // another program has it
  }
}

/** Longest time from the start of etcd to its first answer. */
const START_MS = 60_000;

/** Starts etcd and waits until it answers. */
export async function startEtcd(
  binary: string,
  options: EtcdProcessOptions = {},
): Promise<EtcdProcess> {
  const etcd = new EtcdProcess(binary, options);
  await etcd.start();
  return etcd;
}

/** An etcd process that can be killed, paused, continued and started again. */
export class EtcdProcess implements AsyncDisposable {
  readonly clientPort: number;
  readonly peerPort: number;
  readonly dataDir: string;
  readonly #binary: string;
  readonly #options: EtcdProcessOptions;
  #child: Deno.ChildProcess | undefined;
  #log: Promise<string> | undefined;
  /** Whether etcd has logged since its start that it serves. */
  #isReady = false;

  constructor(binary: string, options: EtcdProcessOptions) {
    this.#binary = binary;
    this.#options = options;
    this.clientPort = options.clientPort ?? freePort();
    this.peerPort = options.peerPort ?? freePort();
    this.dataDir = options.dataDir ?? Deno.makeTempDirSync({ prefix: "etcd3-" });
  }

  /** Client address, as `host:port`. */
  get endpoint(): string {
    return `127.0.0.1:${this.clientPort}`;
  }

  /** Resolves with the exit code once the process has ended. */
  get exited(): Promise<number> {
    return this.#child?.status.then(({ code }) => code) ?? Promise.resolve(0);
  }

  /** Starts the process; ports and data are the same each time. */
  async start(): Promise<void> {
    this.#child = new Deno.Command(this.#binary, {
      args: this.#args(),
      stdout: "null",
      stderr: "piped",
      // etcd 3.4 refuses to run where it is not officially supported, as on arm64.
      env: Deno.build.arch === "aarch64" ? { ETCD_UNSUPPORTED_ARCH: "arm64" } : {},
    }).spawn();
    this.#isReady = false;
    this.#log = this.#follow(this.#child.stderr);
    if (this.#options.waits ?? true) await this.answers();
  }

  /** Waits until the port accepts connections. */
  async listens(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!await isListening(this.clientPort)) {
      if (performance.now() > deadline) {
        throw new Error(`Cannot start etcd: it does not listen within ${START_MS} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits until etcd answers, after a start or a pause. */
  async answers(): Promise<void> {
    const deadline = performance.now() + START_MS;
    let hasExited = false;
    this.exited.then(() => hasExited = true);
    while (!await isListening(this.clientPort) || !await this.#isHealthy()) {
      if (hasExited) throw new Error(`Cannot start etcd: it exited:\n${await this.#log}`);
      if (performance.now() > deadline) {
        throw new Error(`Cannot start etcd: it does not answer within ${START_MS} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends a signal: SIGKILL and SIGTERM end the process, SIGSTOP and SIGCONT pause and continue it. */
  signal(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(signal);
  }

  /** Kills the process and waits until it has ended. */
  async kill(): Promise<void> {
    try {
      this.signal("SIGKILL");
    } catch {
      // The process has ended already.
    }
    await this.exited;
    await this.#log;
    this.#child = undefined;
  }

  /** Deletes the data. The process must not run. */
  async wipe(): Promise<void> {
    await Deno.remove(this.dataDir, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.#options.dataDir !== undefined) return;
    await Deno.remove(this.dataDir, { recursive: true }).catch(() => {}); // a test wiped it
  }

  #args(): string[] {
    const { name = "default", flags = [], scheme = "http" } = this.#options;
    const client = `${scheme}://${this.endpoint}`;
    const peer = `http://127.0.0.1:${this.peerPort}`;
    return [
      `--name=${name}`,
      `--data-dir=${this.dataDir}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=${this.#options.initialCluster ?? `${name}=${peer}`}`,
      ...flags,
    ];
  }

  async #isHealthy(): Promise<boolean> {
    if (this.#options.scheme === "https") return this.#isReady; // only clients have certificates
    try {
      const response = await fetch(`http://${this.endpoint}/health`, {
        signal: AbortSignal.timeout(1000),
      });
      return (await response.text()).includes("true");
    } catch {
      return false; // not yet
    }
  }

  /** Reads the log; returns its last 4000 characters. */
  async #follow(stream: ReadableStream<Uint8Array>): Promise<string> {
    let text = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text = (text + chunk).slice(-4000);
      this.#isReady ||= text.includes("ready to serve client requests");
    }
    return text;
  }
}

async function isListening(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}

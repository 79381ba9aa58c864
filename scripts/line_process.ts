/**
 * Runs a child process and reads its output line by line, for the demo and the tests.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** Time after which a process that printed no line hangs; a slow machine needs less. */
const HANG_MS = 60_000;

/** Options of {@link LineProcess}. */
export interface LineProcessOptions {
  /** Receives each line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** Working directory. @default that of this process */
  readonly cwd?: string | URL;
  /** Environment variables to add. */
  readonly env?: Record<string, string>;
}

/** Child process whose lines can be awaited. */
export class LineProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #name: string;
  readonly #ended: Promise<Deno.CommandStatus>;
  #status: Deno.CommandStatus | undefined;

  constructor(name: string, command: string, args: string[], options: LineProcessOptions = {}) {
    this.#name = name;
    this.#child = new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1", ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    }).spawn();
    this.#ended = this.#follow(options.onLine ?? (() => {}));
  }

  /** Lines that the process has printed so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Waits for a line that contains a string or matches a pattern. Also finds earlier lines, from
   * the index `from` on.
   */
  async line(part: string | RegExp, timeoutMs = HANG_MS, from = 0): Promise<string> {
    const deadline = performance.now() + timeoutMs;
    while (true) {
      const found = this.#lines.slice(from).find((line) =>
        typeof part === "string" ? line.includes(part) : part.test(line)
      );
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (this.#status !== undefined || leftMs <= 0) {
        const how = this.#status === undefined
          ? `within ${timeoutMs} ms`
          : `and ended with code ${this.#status.code}`;
        throw new Error(`${this.#name} did not print ${part} ${how}:\n${this.#lines.join("\n")}`);
      }
      await this.#change(leftMs);
    }
  }

  /** Waits for a line that is printed from now on. */
  nextLine(part: string | RegExp, timeoutMs?: number): Promise<string> {
    return this.line(part, timeoutMs, this.#lines.length);
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for its end and gives its exit code. */
  async exit(): Promise<number> {
    return (await this.#ended).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#status === undefined) this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #follow(onLine: (line: string) => void): Promise<Deno.CommandStatus> {
    const read = async (stream: ReadableStream<Uint8Array>) => {
      let rest = "";
      for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#add(line, onLine);
      }
      if (rest !== "") this.#add(rest, onLine);
    };
    await Promise.all([read(this.#child.stdout), read(this.#child.stderr)]);
    this.#status = await this.#child.status;
    this.#wake();
    return this.#status;
  }

  #add(line: string, onLine: (line: string) => void): void {
    this.#lines.push(line);
    onLine(line);
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  async #change(timeoutMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    clearTimeout(timer);
  }
}

/** Starts one of the examples with exactly the permissions that its first lines state. */
export function runExample(
  name: "exporter" | "consumer",
  where: { readonly etcdPort: number; readonly httpPort: number },
  args: readonly string[] = [],
  options: LineProcessOptions = {},
): LineProcess {
  const net = `localhost:${where.etcdPort},127.0.0.1:${where.etcdPort},127.0.0.1:${where.httpPort}`;
  return new LineProcess(name, Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    `--allow-net=${net}`,
    "--allow-env=GRPC_*",
    fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url)),
    "--etcd",
    `localhost:${where.etcdPort}`,
    "--http-port",
    String(where.httpPort),
    ...args,
  ], options);
}

import type { McpMessage, McpTransport } from "../../src/mcp/mod.ts";

/** Connection of a client to a server of MCP that runs as a Deno process. */
export class ProcessTransport implements McpTransport {
  onmessage?: (message: McpMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;

  constructor(args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Exit code of the process. */
  get exit(): Promise<number> {
    return this.#child.status.then(({ code }) => code);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async send(message: McpMessage): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  /** Closes the standard input, and waits until the process has ended. */
  async close(): Promise<void> {
    await this.#writer.close();
    await this.#reading;
    await this.#child.status;
    this.onclose?.();
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.onmessage?.(JSON.parse(line));
    }
  }
}

import { loadBuiltin } from "../util/mod.ts";
import type { OutputStream, ProgramIo } from "./program_io.ts";

/** Exit code of a second interruption, which ends the program at once. */
const INTERRUPTED = 130;

/**
 * The streams, environment, files and signals of this process. This is the only file of the
 * program that uses them; it runs on Deno, Node and Bun.
 */
export class StandardIo implements ProgramIo {
  readonly #abort = new AbortController();
  /** Whether the reader of the output, such as `head`, has gone. */
  #isOutputClosed = false;
  readonly stdout = this.#createStream(process.stdout);
  readonly stderr = this.#createStream(process.stderr);

  /** Arguments of the program. */
  get args(): readonly string[] {
    return process.argv.slice(2);
  }

  /** Starts to follow the signals and the reader of the output. */
  listen(): void {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        if (this.#abort.signal.aborted) process.exit(INTERRUPTED);
        this.#abort.abort();
      });
    }
    for (const stream of [process.stdout, process.stderr]) {
      stream.on("error", () => {
        this.#isOutputClosed = true;
        this.#abort.abort();
      });
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether nobody reads the output any more. */
  get isOutputClosed(): boolean {
    return this.#isOutputClosed;
  }

  getEnv(name: string): string | undefined {
    try {
      return process.env[name] || undefined;
    } catch {
      return undefined; // the permission to read it is missing
    }
  }

  async readFile(path: string): Promise<Uint8Array> {
    return await loadBuiltin("node:fs").promises.readFile(path);
  }

  /** Ends the process once everything is written. */
  async exit(code: number): Promise<never> {
    if (!this.#isOutputClosed) await Promise.all([this.stdout.write(""), this.stderr.write("")]);
    process.exit(code);
  }

  #createStream(stream: NodeJS.WriteStream): OutputStream {
    return {
      write: (text) => {
        if (this.#isOutputClosed) return;
        return new Promise((resolve) => {
          stream.write(text, () => resolve());
        });
      },
      get isTerminal() {
        return stream.isTTY === true;
      },
      get columns() {
        return stream.isTTY === true ? stream.columns : undefined;
      },
    };
  }
}

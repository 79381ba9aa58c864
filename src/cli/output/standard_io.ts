import { loadBuiltin } from "../../util/mod.ts";
import type { OutputStream, ProgramIo } from "./program_io.ts";

/** Exit code of a second interruption, which ends the program at once. */
const INTERRUPTED = 130;

/** State of the standard output and the standard error. */
type OutputState =
  | { readonly kind: "open" }
  /** The reader, such as `head`, has gone. */
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * The streams, environment, files and signals of this process. This is the only file of the
 * program that uses them; it runs on Deno, Node and Bun.
 */
export class StandardIo implements ProgramIo {
  readonly #abort = new AbortController();
  /** Writes that are under way. */
  readonly #writes = new Set<Promise<void>>();
  #outputState: OutputState = { kind: "open" };
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
      stream.on("error", (error) => this.#fail(error));
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** State of the output; it fails if the disk is full, for example. */
  get outputState(): OutputState {
    return this.#outputState;
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
    await Promise.allSettled(this.#writes);
    process.exit(code);
  }

  #fail(error: unknown): void {
    const isClosed = Object(error).code === "EPIPE";
    this.#outputState = isClosed ? { kind: "closed" } : { kind: "failed", error };
    this.#abort.abort();
  }

  #createStream(stream: NodeJS.WriteStream): OutputStream {
    return {
      write: async (text) => {
        if (this.#outputState.kind === "closed") return;
        const { promise, resolve } = Promise.withResolvers<void>();
        stream.write(text, (error) => {
          if (error) this.#fail(error);
          resolve();
        });
        this.#writes.add(promise);
        await promise;
        this.#writes.delete(promise);
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

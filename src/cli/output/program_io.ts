/** One of the two streams that the program writes to. */
export interface OutputStream {
  /** Writes text; resolves once more may be written. */
  write(text: string): void | Promise<void>;
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; `undefined` if the stream is not a terminal. */
  readonly columns: number | undefined;
}

/** Streams, environment and files of the program, which a test can replace. */
export interface ProgramIo {
  /** Standard output: results. */
  readonly stdout: OutputStream;
  /** Standard error: messages and progress. */
  readonly stderr: OutputStream;
  /** Returns an environment variable; `undefined` if it is not set, empty or may not be read. */
  getEnv(name: string): string | undefined;
  /** Reads a file. */
  readFile(path: string): Promise<Uint8Array>;
  /** Aborted by SIGINT or SIGTERM, or when the reader of the output has gone. */
  readonly signal: AbortSignal;
}

import process from "node:process";
import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import { checkOptionNames, onAbort, Subscription } from "../util/mod.ts";
import type { ShellIo } from "./command.ts";
import type { Shell } from "./shell.ts";

/** Settings of {@link Terminal.run}. */
export interface TerminalOptions {
  /** Text before the first prompt, on a terminal. @default that of Pelix */
  readonly banner?: string;
  /** Prompt. @default "$ " */
  readonly prompt?: string;
  /** Ends the shell as `quit` does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The terminal of this process: a prompt with history, editing and completion. If the input
 * is piped, there is no prompt.
 *
 * @priority 90
 * @example
 * ```ts ignore
 * import { remoteServices } from "@remote-services/etcd3";
 * import { Shell, Terminal } from "@remote-services/etcd3/shell";
 *
 * await using host = await remoteServices();
 * using shell = new Shell(host);
 * await new Terminal().run(shell);
 * ```
 */
export class Terminal {
  #readline: Interface | undefined;
  #isPrompting = false;

  /** Whether input and output are a terminal. */
  get isInteractive(): boolean {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
  }

  /** Writes text to the standard output. */
  write(text: string): void {
    process.stdout.write(text);
  }

  /** Writes a line above the one that is being typed. */
  readonly log = (line: string): void => {
    if (!this.#isPrompting) return this.write(`${line}\n`);
    cursorTo(process.stdout, 0);
    clearLine(process.stdout, 0);
    this.write(`${line}\n`);
    this.#readline?.prompt(true);
  };

  /** Calls a function on Ctrl-C, or when the process is asked to end. */
  onInterrupt(callback: () => void): Subscription {
    const names = ["SIGINT", "SIGTERM"] as const;
    for (const name of names) process.on(name, callback);
    return new Subscription(() => {
      for (const name of names) process.off(name, callback);
    });
  }

  /**
   * Reads lines and runs them one after the other, until `quit`, the end of the input, or
   * Ctrl-C at an empty prompt. Ctrl-C ends a running command, or clears the line.
   *
   * @returns whether the last command succeeded
   * @throws {TypeError} on an option that does not exist
   */
  async run(shell: Shell, options: TerminalOptions = {}): Promise<boolean> {
    checkOptionNames(options, { path: "", known: ["banner", "prompt", "signal"] });
    const { banner = "** Pelix Shell prompt **", prompt = "$ ", signal } = options;
    if (signal?.aborted) return true;
    const readline = this.#createReadline(shell, prompt);
    this.#readline = readline;
    using _subscription = onAbort(signal, () => readline.close());
    try {
      if (this.isInteractive) this.write(`${banner}\n`);
      return await this.#readLines(shell, readline, signal);
    } finally {
      readline.close();
      this.#readline = undefined;
    }
  }

  #createReadline(shell: Shell, prompt: string): Interface {
    return createInterface({
      input: process.stdin,
      ...(this.isInteractive ? { output: process.stdout } : {}),
      terminal: this.isInteractive,
      prompt,
      completer: (line: string) => {
        const { candidates, word } = shell.complete(line);
        return [candidates.map((one) => `${one} `), word];
      },
    });
  }

  async #readLines(shell: Shell, readline: Interface, signal?: AbortSignal): Promise<boolean> {
    let running: AbortController | undefined;
    // Piped input ends while its last lines are still to be run.
    if (this.isInteractive) readline.on("close", () => running?.abort());
    readline.on("SIGINT", () => {
      if (running !== undefined) running.abort();
      else this.#clearLine(readline);
    });
    let isSuccess = true;
    this.#prompt(readline);
    for await (const line of readline) {
      this.#isPrompting = false;
      running = new AbortController();
      isSuccess = await shell.execute(line, this.#createIo(running.signal, signal));
      running = undefined;
      if (shell.isQuit || signal?.aborted) break;
      this.#prompt(readline);
    }
    this.#isPrompting = false;
    return isSuccess;
  }

  #createIo(running: AbortSignal, signal: AbortSignal | undefined): ShellIo {
    return {
      write: (text) => this.write(text),
      ...(this.isInteractive ? {} : { writeError: (text: string) => this.#writeError(text) }),
      log: this.log,
      signal: signal === undefined ? running : AbortSignal.any([running, signal]),
    };
  }

  #writeError(text: string): void {
    process.stderr.write(text);
  }

  /** Clears what is being typed; ends the shell if it is nothing. */
  #clearLine(readline: Interface): void {
    if (readline.line === "") return readline.close();
    this.write("^C\n");
    Object.assign(readline, { line: "", cursor: 0 });
    readline.prompt();
  }

  #prompt(readline: Interface): void {
    if (!this.isInteractive) return;
    this.#isPrompting = true;
    readline.prompt(true); // keeps what was typed during the command
  }
}

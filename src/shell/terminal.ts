import process from "node:process";
import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import type { Shell } from "./shell.ts";

/** How a {@link Terminal} is run. */
export interface TerminalOptions {
  /** What is printed before the first prompt, on a terminal. @default that of Pelix */
  readonly banner?: string;
  /** What asks for a line. @default "$ " */
  readonly prompt?: string;
  /** Ends the shell as `quit` does. */
  readonly signal?: AbortSignal;
}

/**
 * The terminal of this process: a prompt with history, editing and completion, or, when
 * the input is piped, nothing but the output of each line's command.
 */
export class Terminal {
  #readline: Interface | undefined;
  #isPrompting = false;

  /** Whether somebody types, so that there is a prompt. */
  get isInteractive(): boolean {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
  }

  /** Writes a line without mixing it into what is being typed. */
  readonly log = (line: string): void => {
    if (!this.#isPrompting) {
      process.stdout.write(`${line}\n`);
      return;
    }
    cursorTo(process.stdout, 0);
    clearLine(process.stdout, 0);
    process.stdout.write(`${line}\n`);
    this.#readline?.prompt(true);
  };

  /**
   * Reads lines and runs them one after the other, until `quit`, the end of the input,
   * or Ctrl-C at an empty prompt. Ctrl-C ends a running command, or clears the line.
   *
   * @returns whether the last command went well
   */
  async run(shell: Shell, options: TerminalOptions = {}): Promise<boolean> {
    const { banner = "** Pelix Shell prompt **", prompt = "$ ", signal } = options;
    const readline = createInterface({
      input: process.stdin,
      ...(this.isInteractive ? { output: process.stdout } : {}),
      terminal: this.isInteractive,
      prompt,
      completer: (line: string) => {
        const { candidates, word } = shell.complete(line);
        return [candidates.map((one) => `${one} `), word];
      },
    });
    this.#readline = readline;
    const close = () => readline.close();
    signal?.addEventListener("abort", close);
    try {
      if (signal?.aborted) return true;
      if (this.isInteractive) process.stdout.write(`${banner}\n`);
      return await this.#readLines(shell, readline, signal);
    } finally {
      signal?.removeEventListener("abort", close);
      readline.close();
      this.#readline = undefined;
    }
  }

  async #readLines(shell: Shell, readline: Interface, signal?: AbortSignal): Promise<boolean> {
    let running: AbortController | undefined;
    // Piped input ends while its last lines are still to be run.
    if (this.isInteractive) readline.on("close", () => running?.abort());
    readline.on("SIGINT", () => {
      if (running !== undefined) running.abort();
      else if (readline.line === "") readline.close();
      else {
        process.stdout.write("^C\n");
        Object.assign(readline, { line: "", cursor: 0 });
        readline.prompt();
      }
    });
    let isWell = true;
    this.#prompt(readline);
    for await (const line of readline) {
      this.#isPrompting = false;
      running = new AbortController();
      const signals = signal === undefined ? [running.signal] : [running.signal, signal];
      const io = {
        write: (text: string) => void process.stdout.write(text),
        signal: AbortSignal.any(signals),
      };
      isWell = await shell.execute(line, io);
      running = undefined;
      if (shell.isQuit || signal?.aborted) break;
      this.#prompt(readline);
    }
    this.#isPrompting = false;
    return isWell;
  }

  #prompt(readline: Interface): void {
    if (!this.isInteractive) return;
    this.#isPrompting = true;
    readline.prompt(true); // what was typed meanwhile stays as it is
  }
}

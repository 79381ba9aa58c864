import { toMessage, toOpenJsonText } from "../../util/mod.ts";
import { addStyle, type Style } from "./styles.ts";
import type { OutputStream, ProgramIo } from "./program_io.ts";
import { type Cell, drawColumns, toSafeText } from "./text_table.ts";

/** Settings of an {@link Output}. */
export interface OutputOptions {
  /** Whether results are JSON. */
  readonly isJson: boolean;
  /** Whether steps and causes of failures are written too. */
  readonly isVerbose: boolean;
}

/** Writes results to the standard output, and everything else to the standard error. */
export class Output {
  /** Whether results are JSON. */
  readonly isJson: boolean;
  /** Whether steps and causes of failures are written too. */
  readonly isVerbose: boolean;
  readonly #io: ProgramIo;

  /** Creates an output over the streams of a program. */
  constructor(io: ProgramIo, { isJson, isVerbose }: OutputOptions) {
    this.#io = io;
    this.isJson = isJson;
    this.isVerbose = isVerbose;
  }

  /** Writes text of this program as it is. */
  async write(text: string): Promise<void> {
    await this.#io.stdout.write(text);
  }

  /** Writes a line, made safe for a terminal. */
  async writeLine(line: string): Promise<void> {
    await this.write(`${toSafeText(line)}\n`);
  }

  /** Writes a value as indented JSON: the only result of a command. */
  async writeJson(value: unknown): Promise<void> {
    await this.write(`${toJson(value, 2)}\n`);
  }

  /** Writes a value of a stream as one line of JSON. */
  async writeJsonLine(value: unknown): Promise<void> {
    await this.write(`${toJson(value)}\n`);
  }

  /** Writes a table. */
  async writeTable(headers: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    await this.write(drawColumns(headers.map((text) => this.paint(text, "bold")), rows));
  }

  /** Writes a line that begins with a word in a style, which only a terminal shows. */
  async writeStyled(word: string, style: Style, rest: string): Promise<void> {
    const painted = this.hasColours(this.#io.stdout) ? addStyle(word, style) : word;
    await this.write(`${painted}${toSafeText(rest)}\n`);
  }

  /** Returns a cell with a style, which only a terminal shows. */
  paint(text: string, style: Style): Cell {
    if (!this.hasColours(this.#io.stdout)) return text;
    return { text, paint: (safe) => addStyle(safe, style) };
  }

  /** Writes a failure, with its cure if one is known, to the standard error. */
  async writeError(message: string, cure?: string): Promise<void> {
    if (this.isJson) {
      const value = { error: message, ...(cure === undefined ? {} : { cure }) };
      return await this.#io.stderr.write(`${toJson(value)}\n`);
    }
    const label = this.hasColours(this.#io.stderr) ? addStyle("error:", "red") : "error:";
    await this.#io.stderr.write(`${label} ${toSafeText(message)}\n`);
    if (cure !== undefined) await this.writeNote(`cure: ${cure}`);
  }

  /** Writes a line for the user that is not part of the result. */
  async writeNote(line: string): Promise<void> {
    await this.#io.stderr.write(`${toSafeText(line)}\n`);
  }

  /** Writes a step, if the user asked for them. */
  async writeStep(line: string): Promise<void> {
    if (this.isVerbose) await this.writeNote(line);
  }

  /** Writes the causes of an error, if the user asked for them. */
  async writeCauses(error: unknown): Promise<void> {
    for (let cause = getCause(error); cause !== undefined; cause = getCause(cause)) {
      await this.writeStep(`caused by: ${toMessage(cause)}`);
    }
  }

  /** Whether a stream shows colours: only a terminal, unless `NO_COLOR` is set. */
  hasColours(stream: OutputStream): boolean {
    return stream.isTerminal && this.#io.getEnv("NO_COLOR") === undefined &&
      this.#io.getEnv("TERM") !== "dumb";
  }
}

function getCause(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/**
 * Returns JSON that is safe on a terminal: it escapes also the control and bidirectional
 * characters that JSON would allow, and hides the user names and passwords of URLs.
 */
function toJson(value: unknown, indent?: number): string {
  const json = toOpenJsonText(value, indent);
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    // Characters beyond the basic plane are two units, which JSON escapes one by one.
    return character.split("").map((unit) => `\\u${toHex(unit)}`).join("");
  });
}

function toHex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, "0");
}

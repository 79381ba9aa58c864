import { messageOf } from "../framework/mod.ts";
import type { RemoteServices } from "../remote_services.ts";
import { wordsOf } from "./_words.ts";
import {
  type Command,
  CommandError,
  type ShellContext,
  type ShellDefaults,
  type ShellIo,
} from "./command.ts";
import { CORE_COMMANDS } from "./core_commands.ts";
import { DISCOVERY_COMMANDS } from "./discovery_commands.ts";
import { RSA_COMMANDS } from "./rsa_commands.ts";

/** Settings of a {@link Shell}. */
export interface ShellOptions {
  /** Commands of one's own, beside those that there are. */
  readonly commands?: readonly Command[];
  /** Where nothing is given to `exportservice` and `importservice`. */
  readonly defaults?: Partial<ShellDefaults>;
}

/**
 * The commands of a host: those of the tutorial, of `pelix.rsa.shell` and a few more.
 * It has no terminal of its own: `runTerminal` gives it one, a test an `io`.
 */
export class Shell {
  /** All commands, by name. */
  readonly commands: readonly Command[];
  readonly #context: ShellContext;
  readonly #byName: ReadonlyMap<string, Command>;
  #isQuit = false;

  /** Makes a shell for a host. */
  constructor(host: RemoteServices, options: ShellOptions = {}) {
    const all = [
      ...CORE_COMMANDS,
      ...RSA_COMMANDS,
      ...DISCOVERY_COMMANDS,
      ...options.commands ?? [],
    ];
    this.commands = all.sort((a, b) => a.name < b.name ? -1 : 1);
    this.#byName = new Map(
      this.commands.flatMap((one) =>
        [one.name, ...one.aliases ?? []].map((name) => [name, one] as const)
      ),
    );
    const defaults = {
      exportConfig: "ecf.xmlrpc.server",
      edefFile: "edef.xml",
      ...options.defaults,
    };
    const { commands } = this;
    this.#context = { host, defaults, commands, quit: () => void (this.#isQuit = true) };
  }

  /** Whether `quit` was typed. */
  get isQuit(): boolean {
    return this.#isQuit;
  }

  /**
   * Runs a line and tells whether all went well. What fails is written, and never ends
   * the shell. An empty line, or one that begins with `#`, does nothing.
   */
  async execute(line: string, io: ShellIo): Promise<boolean> {
    const words = wordsOf(line);
    const [first] = words;
    if (first === undefined || first.text.startsWith("#")) return true;
    return await this.#run(words.map(({ text }) => text), io, (index) => {
      const from = words[index + 1]?.from;
      return from === undefined ? "" : line.slice(from);
    });
  }

  /** Runs a command that is in words already, such as a program's arguments. */
  async run(words: readonly string[], io: ShellIo): Promise<boolean> {
    return await this.#run(words, io, (index) => words.slice(index + 1).join(" "));
  }

  async #run(
    [name = "", ...others]: readonly string[],
    io: ShellIo,
    rest: (index: number) => string,
  ): Promise<boolean> {
    const command = this.#byName.get(name.toLowerCase());
    if (command === undefined) {
      io.write(`Unknown command ${name}: see help\n`);
      return false;
    }
    const args = others.filter((text) => text !== "--json");
    try {
      await command.run({ args, json: args.length < others.length, rest }, io, this.#context);
      return true;
    } catch (error) {
      const usage = error instanceof CommandError && error.message.startsWith("Missing")
        ? `; usage: ${command.name} ${command.usage ?? ""}`
        : "";
      io.write(`${command.name}: ${messageOf(error)}${usage}\n`);
      return false;
    }
  }

  /** What the last word of a line may become: commands, or ids and interfaces. */
  complete(line: string): { readonly candidates: readonly string[]; readonly word: string } {
    const word = /\S*$/.exec(line)?.[0] ?? "";
    const [first] = wordsOf(line);
    const isFirst = first === undefined || line.trimStart() === word;
    const all = isFirst
      ? [...this.#byName.keys()]
      : this.#byName.get(first.text.toLowerCase())?.complete?.(this.#context) ?? [];
    return { candidates: all.filter((one) => one.startsWith(word)).sort(), word };
  }
}

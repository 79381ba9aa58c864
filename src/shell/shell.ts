import { messageOf } from "../util/mod.ts";
import type { RemoteServices } from "../host/mod.ts";
import { wordsOf } from "./words.ts";
import {
  type Command,
  type CommandCall,
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

const BUILT_IN = [...CORE_COMMANDS, ...RSA_COMMANDS, ...DISCOVERY_COMMANDS];

/**
 * The commands of a host: those of the tutorial, of `pelix.rsa.shell` and a few more.
 * It has no terminal of its own: {@link Terminal} gives it one, a test an `io`.
 */
export class Shell {
  /** The names of the commands that every shell has. */
  static readonly names: readonly string[] = BUILT_IN.flatMap(({ name, aliases = [] }) => [
    name,
    ...aliases,
  ]);
  /** All commands, by name. */
  readonly commands: readonly Command[];
  readonly #context: ShellContext;
  readonly #byName: ReadonlyMap<string, Command>;
  #isQuit = false;

  /** Makes a shell for a host. */
  constructor(host: RemoteServices, options: ShellOptions = {}) {
    const all = [...BUILT_IN, ...options.commands ?? []];
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
    const all = wordsOf(line);
    const [first] = all;
    if (first === undefined || first.text.startsWith("#")) return true;
    const json = all.find(({ text }) => text === "--json");
    if (json !== undefined) {
      return await this.#execute(`${line.slice(0, json.from)}${line.slice(json.to)}`, true, io);
    }
    return await this.#execute(line, false, io);
  }

  /** Runs a command that is in words already, such as a program's arguments. */
  async run(words: readonly string[], io: ShellIo): Promise<boolean> {
    const [name = "", ...args] = words.filter((word) => word !== "--json");
    const rest = (index: number) => args.slice(index).join(" ");
    return await this.#run(name, { args, json: words.includes("--json"), rest }, io);
  }

  async #execute(line: string, json: boolean, io: ShellIo): Promise<boolean> {
    const [first, ...others] = wordsOf(line);
    const rest = (index: number) => {
      const [one, ...more] = others.slice(index);
      if (one === undefined) return "";
      const typed = line.slice(one.from).trim();
      // One word in quotes is meant without them.
      return more.length === 0 && /^["']/.test(typed) ? one.text : typed;
    };
    return await this.#run(
      first?.text ?? "",
      { args: others.map(({ text }) => text), json, rest },
      io,
    );
  }

  async #run(name: string, call: CommandCall, io: ShellIo): Promise<boolean> {
    const command = this.#byName.get(name.toLowerCase());
    if (command === undefined) {
      io.write(`Unknown command ${printable(name)}: see help\n`);
      return false;
    }
    const safe = { ...io, write: (text: string) => io.write(printable(text)) };
    try {
      await command.run(call, safe, this.#context);
      return true;
    } catch (error) {
      const usage = error instanceof CommandError && error.message.startsWith("Missing")
        ? `; usage: ${command.name} ${command.usage ?? ""}`
        : "";
      safe.write(`${command.name}: ${messageOf(error)}${usage}\n`);
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

/** Text without what a terminal would obey: properties come from strangers. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");
}

import { checkOptionNames, hideCredentials, Subscription, toMessage } from "../util/mod.ts";
import { BUILT_IN_COMMANDS } from "./commands/mod.ts";
import {
  type Command,
  type CommandCall,
  CommandError,
  type ShellContext,
  type ShellDefaults,
  type ShellHost,
  type ShellIo,
} from "./command.ts";
import { splitWords } from "./words.ts";

/** Settings of a {@link Shell}. */
export interface ShellOptions {
  /** Commands that the shell has from the start. @default all built-in commands */
  readonly builtIn?: readonly Command[];
  /** More commands. @default none */
  readonly commands?: readonly Command[];
  /** Values that `exportservice` and `importservice` use by default. */
  readonly defaults?: Partial<ShellDefaults>;
}

/** Possible ends of the last word of a line. */
export interface Completion {
  /** Words that it may become. */
  readonly candidates: readonly string[];
  /** The word as typed. */
  readonly word: string;
}

/**
 * Runs the commands of the tutorial, of `pelix.rsa.shell`, of iPOPO's components and of
 * ECF's console on a host. It has no terminal of its own: {@link Terminal} provides one, a
 * test an `io`.
 *
 * @priority 100
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import { Shell } from "@remote-services/etcd3/shell";
 * import assert from "node:assert/strict";
 *
 * const framework = new Framework();
 * framework.registry.register("com.example.Greeter", {});
 * using shell = new Shell({ framework, admin: undefined, discoveries: [] });
 * let output = "";
 * const io = {
 *   write: (text: string) => void (output += text),
 *   signal: new AbortController().signal,
 * };
 * assert.equal(await shell.execute("sl com.example.Greeter", io), true);
 * assert.match(output, /1 services registered/);
 * ```
 */
export class Shell implements Disposable {
  /** Names of the commands that every shell has. */
  static readonly names: readonly string[] = BUILT_IN_COMMANDS.flatMap(listNames);
  readonly #context: ShellContext;
  readonly #byName = new Map<string, Command>();
  readonly #commands = new Set<Command>();
  #isQuit = false;

  /**
   * Creates a shell for a host.
   *
   * @throws {TypeError} on an option that does not exist
   */
  constructor(host: ShellHost, options: ShellOptions = {}) {
    checkOptionNames(options, { path: "", known: ["builtIn", "commands", "defaults"] });
    checkOptionNames(options.defaults ?? {}, {
      path: "defaults",
      known: ["exportConfig", "edefFile"],
    });
    this.#context = {
      host,
      defaults: { exportConfig: "ecf.xmlrpc.server", edefFile: "edef.xml", ...options.defaults },
      commands: this.#commands,
      rsaDebug: undefined,
      quit: () => void (this.#isQuit = true),
    };
    this.addCommands(options.builtIn ?? BUILT_IN_COMMANDS);
    this.addCommands(options.commands ?? []);
  }

  /** Adds commands. A command replaces an earlier one of the same name while it is there. */
  addCommands(commands: readonly Command[]): Subscription {
    for (const command of commands) this.#commands.add(command);
    this.#index();
    return new Subscription(() => {
      for (const command of commands) this.#commands.delete(command);
      this.#index();
    });
  }

  /** Whether `quit` was typed. */
  get isQuit(): boolean {
    return this.#isQuit;
  }

  /** Ends the output of `rsadebug`. May be called more than once. */
  close(): void {
    this.#context.rsaDebug?.close();
    this.#context.rsaDebug = undefined;
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Runs a line; returns whether it succeeded. A failure is written and never ends the
   * shell. An empty line, or one that begins with `#`, does nothing.
   */
  async execute(line: string, io: ShellIo): Promise<boolean> {
    const words = splitWords(line);
    const [first] = words;
    if (first === undefined || first.text.startsWith("#")) return true;
    const json = words.find(({ text }) => text === "--json");
    if (json === undefined) return await this.#execute(line, false, io);
    return await this.#execute(`${line.slice(0, json.from)}${line.slice(json.to)}`, true, io);
  }

  /** Runs a command that is in words already, such as the arguments of a program. */
  async run(words: readonly string[], io: ShellIo): Promise<boolean> {
    const [name = "", ...args] = words.filter((word) => word !== "--json");
    const rest = (index: number) => args.slice(index).join(" ");
    return await this.#run(name, { args, json: words.includes("--json"), rest }, io);
  }

  /** Returns the possible ends of the last word of a line: commands, ids, interfaces. */
  complete(line: string): Completion {
    const word = /\S*$/.exec(line)?.[0] ?? "";
    const [first] = splitWords(line);
    const isCommand = first === undefined || line.trimStart() === word;
    const all = isCommand
      ? [...this.#byName.keys()].filter((name) => word.includes(":") || !name.includes(":"))
      : this.#byName.get(first.text.toLowerCase())?.complete?.(this.#context) ?? [];
    return { candidates: all.filter((one) => one.startsWith(word)).sort(), word };
  }

  #index(): void {
    this.#byName.clear();
    for (const command of this.#commands) {
      for (const name of listNames(command)) this.#byName.set(name, command);
    }
  }

  async #execute(line: string, json: boolean, io: ShellIo): Promise<boolean> {
    const [first, ...others] = splitWords(line);
    const rest = (index: number) => {
      const [one, ...more] = others.slice(index);
      if (one === undefined) return "";
      const typed = line.slice(one.from).trim();
      // A single word in quotes is meant without them.
      return more.length === 0 && /^["']/.test(typed) ? one.text : typed;
    };
    const args = others.map(({ text }) => text);
    return await this.#run(first?.text ?? "", { args, json, rest }, io);
  }

  async #run(name: string, call: CommandCall, io: ShellIo): Promise<boolean> {
    const command = this.#byName.get(name.toLowerCase());
    const safe = createSafeIo(io);
    if (command === undefined) {
      safe.writeError(`Unknown command ${name}: see help\n`);
      return false;
    }
    try {
      await command.run(call, safe, this.#context);
      return true;
    } catch (error) {
      const usage = error instanceof CommandError && error.message.startsWith("Missing")
        ? `; usage: ${command.name} ${command.usage ?? ""}`
        : "";
      safe.writeError(`${command.name}: ${toMessage(error)}${usage}\n`);
      return false;
    }
  }
}

/** Returns every name of a command: its own, its aliases, and each with its scopes. */
function listNames({ name, aliases = [], scopes = [] }: Command): string[] {
  const names = [name, ...aliases];
  return [...names, ...scopes.flatMap((scope) => names.map((one) => `${scope}:${one}`))];
}

/**
 * Returns an output that replaces control and bidirectional characters and hides passwords in
 * URLs: properties come from other processes.
 */
function createSafeIo(io: ShellIo): ShellIo & Required<Pick<ShellIo, "writeError">> {
  const { signal } = io;
  const write = (text: string) => io.write(escapeControls(text));
  const writeError = (text: string) => {
    if (io.writeError === undefined) write(text);
    else io.writeError(escapeControls(text));
  };
  if (io.log === undefined) return { write, writeError, signal };
  return { write, writeError, signal, log: (line) => io.log?.(escapeControls(line)) };
}

function escapeControls(text: string): string {
  return hideCredentials(text).replace(/(?![\t\n])[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

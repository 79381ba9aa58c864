import type { EndpointDiscovery, HealthSource } from "../discovery/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { BundleFramework } from "../framework/mod.ts";
import type { RemoteServiceAdmin } from "../rsa/mod.ts";
import type { Subscription } from "../util/mod.ts";

/** Output of commands, and the signal that ends them. */
export interface ShellIo {
  /** Writes text unchanged, line ends included. */
  write(text: string): void;
  /**
   * Writes the failure of a command.
   * @default `write`
   */
  writeError?(text: string): void;
  /**
   * Writes a line that does not belong to a running command, such as one of `rsadebug`.
   * @default `write` with a line end
   */
  log?(line: string): void;
  /** Aborted when the running command is to end: by Ctrl-C, or because the shell ends. */
  readonly signal: AbortSignal;
}

/** Arguments of a command. */
export interface CommandCall {
  /** Words after the name of the command, without options. */
  readonly args: readonly string[];
  /** Whether `--json` was among them. */
  readonly json: boolean;
  /** Returns the line from the word of an index on, as it was typed. */
  rest(index: number): string;
}

/**
 * Parts of a process that the commands show and change. A `RemoteServices` host is one; so
 * is a framework with the parts that its bundles have started so far.
 */
export interface ShellHost {
  /** Services, bundles and components. */
  readonly framework: BundleFramework;
  /** Exports and imports; `undefined` if none is started. */
  readonly admin: RemoteServiceAdmin | undefined;
  /** Discoveries of other processes' endpoints; empty if none is started. */
  readonly discoveries: readonly (EndpointDiscovery & HealthSource)[];
}

/** State that the commands of one shell share. */
export interface ShellContext {
  /** The process that is shown. */
  readonly host: ShellHost;
  /** Values that `exportservice` and `importservice` use by default. */
  readonly defaults: ShellDefaults;
  /** All commands, for `help`. */
  readonly commands: Iterable<Command>;
  /** Output of `rsadebug`, while it is on. */
  rsaDebug: Subscription | undefined;
  /** Ends the shell after this command. */
  quit(): void;
}

/** Values that `setdefaults` changes. */
export interface ShellDefaults {
  /** Configuration type to export with. */
  exportConfig: string;
  /** File of endpoint descriptions. */
  edefFile: string;
}

/**
 * A command of the shell.
 *
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import { type Command, CommandError, Shell } from "@remote-services/etcd3/shell";
 *
 * const shout: Command = {
 *   name: "shout",
 *   usage: "<word>",
 *   summary: "Writes a word in capitals.",
 *   run({ args: [word] }, io) {
 *     if (word === undefined) throw new CommandError("Missing a word");
 *     io.write(`${word.toUpperCase()}\n`);
 *   },
 * };
 * const host = { framework: new Framework(), admin: undefined, discoveries: [] };
 * using shell = new Shell(host, { commands: [shout] });
 * const write = (text: string) => console.log(text.trimEnd());
 * await shell.execute("shout hello", { write, signal: new AbortController().signal }); // HELLO
 * ```
 */
export interface Command {
  /** Name. */
  readonly name: string;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** Scopes that may precede the name, as in `ecf:listexports`. @default none */
  readonly scopes?: readonly string[];
  /** Arguments, as in `[interface]`. */
  readonly usage?: string;
  /** Purpose, in a line. */
  readonly summary: string;
  /** Returns the possible words of its arguments, for completion. */
  complete?(context: ShellContext): readonly string[];
  /**
   * Runs the command.
   *
   * @throws {CommandError} with a message for the user
   */
  run(call: CommandCall, io: ShellIo, context: ShellContext): void | Promise<void>;
}

/** A failure of a command, in words for the user. */
export class CommandError extends Error {
  /** Always `CommandError`. */
  override readonly name = "CommandError";
}

/** Returns a mandatory argument. */
export function requireArgument(call: CommandCall, index: number, label: string): string {
  const value = call.args[index];
  if (value === undefined) throw new CommandError(`Missing ${label}`);
  return value;
}

/** Returns the remote service admin of the host. */
export function requireAdmin({ host }: ShellContext): RemoteServiceAdmin {
  if (host.admin !== undefined) return host.admin;
  throw new CommandError("Cannot find a remote service admin: start its bundle");
}

/** Returns the discoveries of the host; at least one. */
export function requireDiscoveries({ host }: ShellContext): ShellHost["discoveries"] {
  if (host.discoveries.length > 0) return host.discoveries;
  throw new CommandError("Cannot find a discovery: start its bundle and instantiate it");
}

/** Returns the discovered endpoints, once each. */
export function listEndpoints({ host }: ShellContext): readonly EndpointDescription[] {
  const endpoints = host.discoveries.flatMap(({ endpoints }) => endpoints);
  return [...new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])).values()];
}

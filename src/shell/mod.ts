/**
 * The shell of the tutorial: commands as data, which write to an `io`, a {@link Shell}
 * that runs lines, and a {@link Terminal} to type them in.
 *
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { Shell } from "@remote-services/etcd3/shell";
 *
 * await using host = await remoteServices({ discovery: [memory()] });
 * using shell = new Shell(host);
 * const { signal } = new AbortController();
 * await shell.execute("bl", { write: (text) => console.log(text.trim()), signal });
 * ```
 *
 * @module
 */
export type {
  Command,
  CommandCall,
  ShellContext,
  ShellDefaults,
  ShellHost,
  ShellIo,
} from "./command.ts";
export { CommandError } from "./command.ts";
export { COMPONENT_COMMANDS, CORE_COMMANDS, RSA_COMMANDS } from "./commands/mod.ts";
export type { Completion, ShellOptions } from "./shell.ts";
export { Shell } from "./shell.ts";
export type { TerminalOptions } from "./terminal.ts";
export { Terminal } from "./terminal.ts";
export { Subscription } from "../util/mod.ts";

/**
 * The subcommands of the program. A new one is a file here and a line in the list.
 *
 * @module
 */
import type { CliCommand } from "../cli_command.ts";
import { callCommand } from "./call_command.ts";
import { completionsCommand } from "./completions_command.ts";
import { doctorCommand } from "./doctor_command.ts";
import { endpointsCommand } from "./endpoints_command.ts";
import { mcpCommand } from "./mcp_command.ts";
import { pageCommand } from "./page_command.ts";
import { pingCommand } from "./ping_command.ts";
import { shellCommand } from "./shell_command.ts";
import { targetsCommand } from "./targets_command.ts";
import { watchCommand } from "./watch_command.ts";

/** All subcommands, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [
  endpointsCommand,
  watchCommand,
  callCommand,
  pingCommand,
  doctorCommand,
  pageCommand,
  targetsCommand,
  mcpCommand,
  shellCommand,
  completionsCommand,
];

/**
 * The built-in commands, in groups.
 *
 * @module
 */
import type { Command } from "../command.ts";
import { BUNDLE_COMMANDS } from "./bundle_commands.ts";
import { CALL_COMMANDS } from "./call_commands.ts";
import { COMPONENT_COMMANDS } from "./component_commands.ts";
import { DEBUG_COMMANDS } from "./debug_commands.ts";
import { DEFAULT_COMMANDS } from "./default_commands.ts";
import { DISCOVERY_COMMANDS } from "./discovery_commands.ts";
import { ENDPOINT_COMMANDS } from "./endpoint_commands.ts";
import { EXPORT_COMMANDS } from "./export_commands.ts";
import { HELP_COMMANDS } from "./help_commands.ts";
import { IMPORT_COMMANDS } from "./import_commands.ts";
import { PROVIDER_COMMANDS } from "./provider_commands.ts";
import { SERVICE_COMMANDS } from "./service_commands.ts";

/** Commands for services, bundles, calls and the shell itself. */
export const CORE_COMMANDS: readonly Command[] = [
  ...SERVICE_COMMANDS,
  ...BUNDLE_COMMANDS,
  ...CALL_COMMANDS,
  ...HELP_COMMANDS,
];

/** Commands for exports, imports and discovery. */
export const RSA_COMMANDS: readonly Command[] = [
  ...ENDPOINT_COMMANDS,
  ...PROVIDER_COMMANDS,
  ...EXPORT_COMMANDS,
  ...IMPORT_COMMANDS,
  ...DEFAULT_COMMANDS,
  ...DEBUG_COMMANDS,
  ...DISCOVERY_COMMANDS,
];

/** Commands that a shell has by default. */
export const BUILT_IN_COMMANDS: readonly Command[] = [
  ...CORE_COMMANDS,
  ...COMPONENT_COMMANDS,
  ...RSA_COMMANDS,
];

export { COMPONENT_COMMANDS };

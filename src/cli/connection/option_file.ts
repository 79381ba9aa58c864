import { toMessage } from "../../util/mod.ts";
import type { CliContext } from "../cli_command.ts";
import { CliError } from "../errors.ts";

/**
 * Reads a file that an option names.
 *
 * @throws {CliError} if it cannot be read
 */
export async function readOptionFile(
  { io }: CliContext,
  label: string,
  path: string,
): Promise<Uint8Array> {
  try {
    return await io.readFile(path);
  } catch (cause) {
    throw new CliError(`Cannot read the file of ${label}: ${toMessage(cause)}`, { cause });
  }
}

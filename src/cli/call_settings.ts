import type { XmlRpcClientSettings } from "../distribution/xmlrpc/mod.ts";
import { toPrintable } from "../util/mod.ts";
import type { CliOption } from "./cli_option.ts";
import type { CliContext } from "./cli_command.ts";
import { readOptionFile } from "./connection.ts";
import { UsageError } from "./errors.ts";

const group = "Calls";

/** Options of the commands that call services. */
export const CALL_OPTIONS: readonly CliOption[] = [
  {
    name: "header",
    value: "NAME:VALUE",
    summary: "header of every call",
    isRepeatable: true,
    group,
  },
  {
    name: "bearer-file",
    value: "FILE",
    summary: "file with a token, sent as Authorization: Bearer",
    complete: "file",
    group,
  },
];

/** What a header may be made of (RFC 9110, 5.6.2 and 5.5). */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
/** A token of RFC 6750. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Reads the settings of calls from options.
 *
 * @throws {UsageError} if a header is invalid
 * @throws {CliError} if the file of the token cannot be read
 */
export async function readCallSettings(context: CliContext): Promise<XmlRpcClientSettings> {
  const headers = Object.fromEntries(context.args.getAll("header").map(parseHeader));
  const file = context.args.get("bearer-file");
  if (file === undefined) return { headers };
  const token = new TextDecoder().decode(await readOptionFile(context, "--bearer-file", file));
  if (TOKEN.test(token.trim())) {
    return { headers: { ...headers, authorization: `Bearer ${token.trim()}` } };
  }
  throw new UsageError("Cannot use the file of --bearer-file: its content is not a token");
}

function parseHeader(text: string): [name: string, value: string] {
  const match = HEADER.exec(text);
  if (match?.[1] !== undefined) return [match[1].toLowerCase(), (match[2] ?? "").trimEnd()];
  throw new UsageError(`Cannot use --header ${toPrintable(text, 40)}: give NAME:VALUE`);
}

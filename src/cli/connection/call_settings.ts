import type { XmlRpcClientSettings } from "../../distribution/xmlrpc/mod.ts";
import { HostRules } from "../../http/mod.ts";
import { toMessage, toPrintable } from "../../util/mod.ts";
import type { CliOption } from "../cli_option.ts";
import type { CliContext } from "../cli_command.ts";
import { UsageError } from "../errors.ts";
import { readOptionFile } from "./option_file.ts";
import { checkCertificateFile } from "./tls_settings.ts";

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
  {
    name: "allow-host",
    value: "HOST",
    summary: "host that may be called, such as *.example.com",
    isRepeatable: true,
    group,
  },
  {
    name: "call-cacert",
    value: "FILE",
    summary: "authorities to trust for https services",
    complete: "file",
    group,
  },
];

/** Characters of a header's name and value (RFC 9110, 5.6.2 and 5.5). */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
/** A token of RFC 6750. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Settings of calls. */
export interface CallSettings extends XmlRpcClientSettings {
  /** Headers of every call. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads the settings of calls from options.
 *
 * @throws {UsageError} if a header or a host is invalid
 * @throws {CliError} if a file cannot be read
 */
export async function readCallSettings(context: CliContext): Promise<CallSettings> {
  const given = Object.fromEntries(context.args.getAll("header").map(parseHeader));
  const token = await readText(context, "bearer-file");
  const ca = await readText(context, "call-cacert");
  if (ca !== undefined) checkCertificateFile({ label: "--call-cacert", pem: ca });
  const headers = token === undefined ? given : { ...given, authorization: createBearer(token) };
  const hosts = context.args.getAll("allow-host");
  return {
    headers,
    // A number of JSON has no type: it arrives as the same number, also beyond 32 bits.
    integers: "double",
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(hosts.length === 0 ? {} : { allowHosts: checkHosts(hosts) }),
  };
}

function checkHosts(hosts: readonly string[]): readonly string[] {
  try {
    new HostRules(hosts, "--allow-host");
  } catch (error) {
    throw new UsageError(toMessage(error));
  }
  return hosts;
}

function createBearer(text: string): string {
  const token = text.trim();
  if (TOKEN.test(token)) return `Bearer ${token}`;
  throw new UsageError("Cannot use the file of --bearer-file: its content is not a token");
}

async function readText(context: CliContext, option: string): Promise<string | undefined> {
  const file = context.args.get(option);
  if (file === undefined) return undefined;
  return new TextDecoder().decode(await readOptionFile(context, `--${option}`, file));
}

/** The value of a header may be a secret: it appears in no message. */
function parseHeader(text: string): [name: string, value: string] {
  const match = HEADER.exec(text);
  if (match?.[1] !== undefined) return [match[1].toLowerCase(), (match[2] ?? "").trimEnd()];
  const [name = ""] = text.split(":");
  throw new UsageError(`Cannot use --header ${toPrintable(name, 40)}: give NAME:VALUE`);
}

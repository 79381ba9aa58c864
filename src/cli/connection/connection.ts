import { EtcdClient, type EtcdOptions, type PasswordOptions } from "../../etcd/mod.ts";
import { DEFAULT_TOP_KEY, etcd3 } from "../../discovery/etcd3/mod.ts";
import { toMessage } from "../../util/mod.ts";
import { parseDuration } from "../arguments.ts";
import type { CliOption } from "../cli_option.ts";
import type { CliContext } from "../cli_command.ts";
import { UsageError } from "../errors.ts";
import { readOptionFile } from "./option_file.ts";
import { readTls } from "./tls_settings.ts";

const group = "Connection";

/** Options of the commands that connect to etcd. */
export const CONNECTION_OPTIONS: readonly CliOption[] = [
  {
    name: "etcd",
    alias: "endpoints",
    value: "HOST:PORT[,...]",
    summary: "members of etcd (localhost:2379)",
    isRepeatable: true,
    group,
  },
  { name: "cacert", value: "FILE", summary: "authorities to trust", complete: "file", group },
  { name: "cert", value: "FILE", summary: "certificate to show", complete: "file", group },
  { name: "key", value: "FILE", summary: "private key of --cert", complete: "file", group },
  { name: "user", value: "NAME[:PASSWORD]", summary: "user of etcd", group },
  {
    name: "password-file",
    value: "FILE",
    summary: "file with the user's password",
    complete: "file",
    group,
  },
  {
    name: "insecure",
    alias: "insecure-skip-tls-verify",
    summary: "use TLS, and accept any certificate of etcd",
    group,
  },
  { name: "top-key", value: "NAME", summary: "root of all keys (that of iPOPO and ECF)", group },
  { name: "timeout", value: "TIME", summary: "longest wait for an answer (5s)", group },
];

/** Settings of the connection to etcd. */
export interface Connection {
  /** Settings of the client. */
  readonly etcd: EtcdOptions;
  /** Root of all keys. */
  readonly topKey: string;
  /** Longest wait for an answer in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Reads the settings of the connection from options and, where these are missing, from the
 * variables of `etcdctl`.
 *
 * @throws {UsageError} if they are invalid
 * @throws {CliError} if a file cannot be read
 */
export async function readConnection(context: CliContext): Promise<Connection> {
  const { args } = context;
  const commandMs = args.getMs("timeout") ?? readEnvMs(context, "ETCDCTL_COMMAND_TIMEOUT");
  const timeoutMs = commandMs ?? 5000;
  const dialTimeoutMs = readEnvMs(context, "ETCDCTL_DIAL_TIMEOUT") ?? Math.min(timeoutMs, 5000);
  const endpoints = readEndpoints(context);
  const tls = await readTls(context, endpoints);
  const auth = await readAuth(context);
  const etcd: EtcdOptions = {
    endpoints,
    callTimeoutMs: timeoutMs,
    dialTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
    ...(auth === undefined ? {} : { auth }),
  };
  const topKey = args.get("top-key") ?? DEFAULT_TOP_KEY;
  checkOptions(etcd, topKey);
  return { etcd, topKey, timeoutMs };
}

function readEndpoints({ args, io }: CliContext): readonly string[] {
  const given = args.getAll("etcd");
  const variable = io.getEnv("ETCDCTL_ENDPOINTS");
  if (given.length === 0 && variable === undefined && io.getEnv("ETCDCTL_DISCOVERY_SRV")) {
    throw new UsageError(
      "Cannot use ETCDCTL_DISCOVERY_SRV: members are not looked up in DNS; give --etcd",
    );
  }
  const listed = given.length > 0 ? given : [variable ?? "localhost:2379"];
  return listed.flatMap((one) => one.split(","));
}

async function readAuth(context: CliContext): Promise<PasswordOptions | undefined> {
  const { args, io } = context;
  const user = args.get("user") ?? io.getEnv("ETCDCTL_USER");
  if (user === undefined) {
    if (!args.has("password-file")) return undefined;
    throw new UsageError("Cannot use --password-file: the user is missing; give --user");
  }
  const colon = user.indexOf(":");
  const username = colon < 0 ? user : user.slice(0, colon);
  const file = args.get("password-file");
  if (file !== undefined) {
    const bytes = await readOptionFile(context, "--password-file", file);
    return { username, password: new TextDecoder().decode(bytes).replace(/\r?\n$/, "") };
  }
  const password = colon < 0 ? io.getEnv("ETCDCTL_PASSWORD") : user.slice(colon + 1);
  if (password !== undefined) return { username, password };
  throw new UsageError(
    `Cannot authenticate as ${username}: the password is missing; give --password-file, ` +
      "--user NAME:PASSWORD or ETCDCTL_PASSWORD",
  );
}

function readEnvMs({ io }: CliContext, name: string): number | undefined {
  const text = io.getEnv(name);
  return text === undefined ? undefined : parseDuration(text, name);
}

function checkOptions(etcd: EtcdOptions, topKey: string): void {
  try {
    new EtcdClient(etcd);
    etcd3({ ...etcd, topKey });
  } catch (cause) {
    throw new UsageError(toMessage(cause), { cause });
  }
}

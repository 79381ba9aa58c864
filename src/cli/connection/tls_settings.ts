import type { TlsOptions } from "../../etcd/mod.ts";
import { loadBuiltin, toMessage, toPrintable } from "../../util/mod.ts";
import type { CliContext } from "../cli_command.ts";
import { UsageError } from "../errors.ts";
import { readOptionFile } from "./option_file.ts";

/** A PEM file, and the option or the variable that names it. */
interface NamedPem {
  readonly label: string;
  readonly pem: string;
}

/**
 * Reads the settings of TLS from options and, where these are missing, from the variables of
 * `etcdctl`; `undefined` stands for no TLS.
 *
 * @throws {UsageError} if a variable or the content of a file is invalid
 * @throws {CliError} if a file cannot be read
 */
export async function readTls(
  context: CliContext,
  endpoints: readonly string[],
): Promise<TlsOptions | undefined> {
  const hasScheme = (scheme: string) => endpoints.some((one) => one.trim().startsWith(scheme));
  const { args } = context;
  const isAsked = ["cacert", "cert", "key"].some((name) => args.has(name));
  const isInsecure = args.has("insecure");
  const skips = isInsecure || readFlag(context, "ETCDCTL_INSECURE_SKIP_TLS_VERIFY") === true;
  const isTransport = readFlag(context, "ETCDCTL_INSECURE_TRANSPORT") === false;
  // Options imply TLS, unless the endpoints say otherwise; variables only say how.
  if (hasScheme("http://") && !hasScheme("https://") && !isAsked) return undefined;
  const [ca, cert, key] = [
    await readPem(context, "cacert", "ETCDCTL_CACERT"),
    await readPem(context, "cert", "ETCDCTL_CERT"),
    await readPem(context, "key", "ETCDCTL_KEY"),
  ];
  const hasFile = [ca, cert, key].some((one) => one !== undefined);
  if (!hasFile && !hasScheme("https://") && !isInsecure && !isTransport) return undefined;
  checkFiles(ca, cert, key);
  return {
    ...(skips ? { insecureSkipVerify: true } : {}),
    ...(ca === undefined ? {} : { ca: ca.pem }),
    ...(cert === undefined ? {} : { cert: cert.pem }),
    ...(key === undefined ? {} : { key: key.pem }),
  };
}

async function readPem(
  context: CliContext,
  option: string,
  variable: string,
): Promise<NamedPem | undefined> {
  const given = context.args.get(option);
  const path = given ?? context.io.getEnv(variable);
  if (path === undefined) return undefined;
  const label = given === undefined ? variable : `--${option}`;
  return { label, pem: new TextDecoder().decode(await readOptionFile(context, label, path)) };
}

/** Checks the files before they are used: a failed handshake does not say which one is wrong. */
function checkFiles(
  ca: NamedPem | undefined,
  cert: NamedPem | undefined,
  key: NamedPem | undefined,
): void {
  for (const one of [ca, cert]) {
    if (one !== undefined) checkCertificateFile(one);
  }
  if (cert !== undefined && key !== undefined) checkPair(cert, key);
}

/**
 * Checks that a file has a certificate.
 *
 * @throws {UsageError} if not
 */
export function checkCertificateFile({ label, pem }: NamedPem): void {
  const { X509Certificate } = loadBuiltin("node:crypto");
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new UsageError(
      `Cannot use the file of ${label}: it has no certificate; give a file in the PEM format`,
      { cause },
    );
  }
}

function checkPair(cert: NamedPem, key: NamedPem): void {
  const { createPrivateKey, X509Certificate } = loadBuiltin("node:crypto");
  let isPair: boolean;
  try {
    isPair = new X509Certificate(cert.pem).checkPrivateKey(createPrivateKey(key.pem));
  } catch (cause) {
    throw new UsageError(
      `Cannot use the file of ${key.label}: ${toMessage(cause)}; give a private key without a ` +
        "password in the PEM format",
      { cause },
    );
  }
  if (!isPair) {
    throw new UsageError(
      `Cannot use the file of ${key.label}: the key does not belong to the certificate of ` +
        `${cert.label}; give its own`,
    );
  }
}

/** Words that Go reads as a boolean, and `etcdctl` with it. */
const FLAGS = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

function readFlag({ io }: CliContext, name: string): boolean | undefined {
  const text = io.getEnv(name);
  if (text === undefined) return undefined;
  const flag = FLAGS.get(text);
  if (flag !== undefined) return flag;
  throw new UsageError(`Cannot use ${name} ${toPrintable(text, 40)}: give true or false`);
}

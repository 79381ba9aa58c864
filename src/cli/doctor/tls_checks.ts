import { EtcdClient, readMemberCertificate, type TlsOptions } from "../../etcd/mod.ts";
import { isLoopbackHost } from "../../http/mod.ts";
import { loadBuiltin, SYSTEM_CLOCK, toMessage } from "../../util/mod.ts";
import { type Connection, findConnectionCure } from "../connection/mod.ts";
import { createError, createOk, createWarning, type Finding } from "./finding.ts";

const CHECK = "tls";
const DAY_MS = 86_400_000;
/** Remaining validity of a certificate below which it is a warning. */
const SOON_MS = 30 * DAY_MS;

/** Checks the certificates of the members and of this client. */
export async function checkTls(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { endpoints, tls, auth } = new EtcdClient(connection.etcd).options;
  if (tls === undefined) {
    const isLocal = endpoints.every((one) => isLoopbackHost(one.replace(/:\d+$/, "")));
    if (isLocal || auth === undefined) return [];
    const message = "The password of etcd travels in plain text";
    return [createWarning(CHECK, message, "use https:// endpoints and --cacert")];
  }
  // This program always passes an object; functions are for programs that run for long.
  const options = typeof tls === "function" ? await tls() : tls;
  const members = await Promise.all(
    endpoints.map((one) => checkMember(one, options, { signal, timeoutMs: connection.timeoutMs })),
  );
  const verification = options.insecureSkipVerify === true
    ? [createWarning(CHECK, "No certificate is verified", "leave out --insecure, give --cacert")]
    : [];
  return [
    ...verification,
    ...members.flat(),
    ...checkOwn("--cacert", options.ca),
    ...checkOwn("--cert", options.cert),
  ];
}

async function checkMember(
  endpoint: string,
  tls: TlsOptions,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const name = `The certificate of ${endpoint}`;
  try {
    const certificate = await readMemberCertificate(endpoint, tls, limits);
    const { validFrom, validTo, problem, names = "no host" } = certificate;
    const dates = checkDates(name, validFrom, validTo);
    if (problem === undefined || dates.level === "error") return [dates];
    const cure = findConnectionCure(problem) ??
      "give the authority of the member as --cacert, and a host that the certificate names";
    return [createError(CHECK, `${name}, for ${names}, is not accepted: ${problem}`, cure)];
  } catch (error) {
    limits.signal.throwIfAborted();
    const cure = "check that the member serves TLS at this address; http:// does not use it";
    return [createError(CHECK, `${name} cannot be read: ${toMessage(error)}`, cure)];
  }
}

function checkOwn(option: string, pem: TlsOptions["ca"]): readonly Finding[] {
  if (pem === undefined) return [];
  try {
    const { X509Certificate } = loadBuiltin("node:crypto");
    const certificate = new X509Certificate(typeof pem === "string" ? pem : Buffer.from(pem));
    const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
    return [checkDates(`The certificate of ${option}`, from, to)];
  } catch (error) {
    const message = `The file of ${option} has no certificate: ${toMessage(error)}`;
    return [createError(CHECK, message, "give a file in the PEM format")];
  }
}

function checkDates(name: string, from: Date, to: Date): Finding {
  const nowMs = SYSTEM_CLOCK.epochMs();
  const leftMs = to.getTime() - nowMs;
  if (leftMs < 0) {
    return createError(CHECK, `${name} expired on ${formatDay(to)}`, "renew the certificate");
  }
  if (from.getTime() > nowMs) {
    const message = `${name} is not valid before ${formatDay(from)}`;
    return createError(CHECK, message, "correct the clock of this machine, or the certificate");
  }
  const days = Math.floor(leftMs / DAY_MS);
  const message = `${name} is valid until ${formatDay(to)}, for ${days} days`;
  return leftMs < SOON_MS
    ? createWarning(CHECK, message, "renew the certificate")
    : createOk(CHECK, message);
}

function formatDay(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toISOString().slice(0, 10);
}

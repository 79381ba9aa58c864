import { EtcdError } from "../../etcd/mod.ts";
import { CliError } from "../errors.ts";

/** Cure of a cluster or a member without a quorum. */
export const NO_LEADER_CURE = "start the missing members, or repair the network between them";

/** Cures by the code of the error. */
const BY_CODE: ReadonlyMap<string, string> = new Map<EtcdError["code"], string>([
  ["authentication-failed", "give the right --user and --password-file"],
  ["auth-not-enabled", "leave out --user, or run etcdctl auth enable"],
  ["unauthenticated", "give --user and --password-file"],
  ["permission-denied", "use a user with a role for this; doctor names the rights"],
  [
    "timeout",
    "check that enough members run (doctor asks each one), their load and the network, or give " +
    "a longer --timeout",
  ],
  ["no-leader", NO_LEADER_CURE],
]);

/** Cures by the reason of a connection that was not made, as OpenSSL and the runtimes name it. */
const BY_REASON: readonly (readonly [reason: RegExp, cure: string])[] = [
  [/altname|not valid for/i, "give a host that the certificate names, or renew it with this one"],
  [/expired/i, "renew the certificate, or correct the clock of this machine"],
  [/not yet valid/i, "correct the clock of this machine, or renew the certificate"],
  [
    /self[- _]signed|unable[ _]to[ _](?:verify|get)|unknown ?(?:ca|issuer)/i,
    "give the authority of the member's certificate as --cacert",
  ],
  [
    /bad[ _]?certificate|certificate[ _]?required|alert|closed after the TLS handshake/i,
    "give --cert and --key that an authority of etcd has signed, and that have not expired",
  ],
  [
    /connection was closed|socket disconnected|wrong version|does not speak HTTP/i,
    "give https:// if the member serves TLS, with the --cert and --key that it may require, and " +
    "http:// if it does not",
  ],
];

/** Returns the cure of a failure; `undefined` if its message suffices. */
export function findCure(error: unknown): string | undefined {
  if (error instanceof CliError) return error.cure;
  if (!(error instanceof EtcdError)) return undefined;
  const { code, cause, message } = error;
  return findCodeCure(code, `${Object(cause).code} ${message}`);
}

/** Returns the cure of a failure of etcd by its code and its reason. */
export function findCodeCure(code: string, reason: string): string | undefined {
  return BY_CODE.get(code) ?? findConnectionCure(reason);
}

/** Returns the cure of a failed connection by its reason. */
export function findConnectionCure(reason: string): string | undefined {
  return BY_REASON.find(([pattern]) => pattern.test(reason))?.[1];
}

import type { CallOptions } from "./caller.ts";
import type { TlsOptions } from "./options.ts";
import type { MemberCertificate } from "./transport/mod.ts";

/**
 * Returns the certificate that a member shows, also one that is not accepted.
 *
 * @param endpoint member as `host:port`
 * @throws {EtcdError} `unavailable` if it is out of reach or does not speak TLS
 * @example
 * ```ts
 * import { EtcdError, readMemberCertificate } from "@remote-services/etcd3/etcd";
 *
 * try {
 *   await readMemberCertificate("localhost:2379");
 * } catch (error) {
 *   console.log(error instanceof EtcdError && error.code); // unavailable
 * }
 * ```
 */
export async function readMemberCertificate(
  endpoint: string,
  tls: TlsOptions = {},
  { timeoutMs = 5000, signal = new AbortController().signal }: CallOptions = {},
): Promise<MemberCertificate> {
  const { readCertificate } = await import("./transport/mod.ts");
  return await readCertificate(endpoint, tls, { timeoutMs, signal });
}

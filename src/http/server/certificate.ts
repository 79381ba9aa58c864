import { loadBuiltin } from "../../util/mod.ts";
import type { HttpServerTls } from "./http_server.ts";

/** Reason why a certificate that can be read can't be used. */
export class CertificateError extends Error {}

const BEGIN = "-----BEGIN CERTIFICATE-----";
/** One PEM document of a chain. */
const DOCUMENT = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Checks that a certificate, those after it and the key can be read, and that they belong together;
 * a server would notice only with the next connection, or leave a broken chain to its clients.
 *
 * @throws {CertificateError} if they do not belong together or the chain is broken
 * @throws {Error} if they can't be read
 */
export function checkCertificate({ cert, key }: HttpServerTls): void {
  const { createPrivateKey, X509Certificate } = loadBuiltin("node:crypto");
  const chain = String(cert).match(DOCUMENT) ?? [];
  const own = new X509Certificate(chain[0] ?? cert);
  if (!own.checkPrivateKey(createPrivateKey(key))) {
    throw new CertificateError("the private key does not belong to the certificate; give its own");
  }
  try {
    if (chain.length < String(cert).split(BEGIN).length - 1) throw new Error("it is cut off");
    for (const one of chain) new X509Certificate(one);
  } catch (cause) {
    const reason = "a certificate after the first can't be read; give the whole chain as PEM";
    throw new CertificateError(reason, { cause });
  }
}

import { loadBuiltin } from "../../util/mod.ts";
import type { HttpServerTls } from "./http_server.ts";

/**
 * Checks that a certificate and its key can be read and belong together; a server would notice
 * only with the next connection.
 *
 * @throws {Error} if not
 */
export function checkCertificate({ cert, key }: HttpServerTls): void {
  const { createPrivateKey, X509Certificate } = loadBuiltin("node:crypto");
  const isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  if (!isPair) throw new Error("the private key does not belong to the certificate");
}

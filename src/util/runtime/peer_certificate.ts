/** The part of a TLS socket of Node that reads what the peer has shown. */
export interface PeerCertificateReader {
  /** Returns the certificate of the peer, `detailed` with those that issued it. */
  getPeerCertificate(detailed?: boolean): unknown;
}

/**
 * Lets a socket survive a peer that sends an unreadable certificate after its own. On Deno the
 * socket reads the whole chain while it connects, and throws where nothing can catch it: a server
 * with a good certificate and three bytes of nonsense in its chain would end the process.
 */
export function guardPeerCertificate(socket: PeerCertificateReader): void {
  const read = socket.getPeerCertificate.bind(socket);
  const value = (detailed?: boolean) => {
    for (const isDetailed of [detailed, false]) {
      try {
        return read(isDetailed);
      } catch {
        // Then without the rest of the chain.
      }
    }
    return {}; // a certificate of no name, which is refused
  };
  Object.defineProperty(socket, "getPeerCertificate", { value });
}

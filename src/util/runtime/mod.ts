/**
 * What Deno, Node and Bun have in different ways: built-in modules, permissions, signals and the event loop.
 *
 * @module
 */
export { loadBuiltin } from "./builtins.ts";
export { pollSockets, yieldTurn } from "./event_loop.ts";
export type { PeerCertificateReader } from "./peer_certificate.ts";
export { guardPeerCertificate } from "./peer_certificate.ts";
export { explainPermission, requestNetPermission } from "./permissions.ts";
export { openSignalPipe } from "./signal_pipe.ts";

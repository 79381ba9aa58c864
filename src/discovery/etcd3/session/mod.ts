/**
 * The session: what this process advertises, and the writer that makes etcd equal to it.
 *
 * @module
 */
export { Session } from "./session.ts";

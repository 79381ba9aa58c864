/**
 * The lease that the keys of a session are attached to: granted, renewed, lost and replaced.
 *
 * @module
 */
export type { HeldLease } from "./held_lease.ts";
export { type LeaseState, SessionLease } from "./session_lease.ts";

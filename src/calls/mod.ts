/**
 * The path of an outgoing call: which endpoint is called, and what follows a failure.
 *
 * @module
 */
export type { BalanceOptions, Candidate, ServicePolicy } from "./balancer.ts";
export { createBalanced } from "./balancer.ts";

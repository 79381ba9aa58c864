/**
 * HTTP: a client that never repeats a request, and a service with servlets by path.
 *
 * @module
 */
export { isPrivateAddress } from "./address_range.ts";
export type { BodyFailure, BodyReadOptions, OpenBody } from "./body.ts";
export { openBody, readCharset } from "./body.ts";
export type { BodyShare } from "./body_budget.ts";
export { BodyBudget } from "./body_budget.ts";
export { freeLarge } from "./byte_sink.ts";
export type { Inflated } from "./content_coding.ts";
export { inflateBody } from "./content_coding.ts";
export * from "./client/mod.ts";
export * from "./server/mod.ts";

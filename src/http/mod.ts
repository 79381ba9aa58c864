/**
 * HTTP: a client that never repeats a request, and a service with servlets by path.
 *
 * @module
 */
export { charsetOf, readBody } from "./body.ts";
export * from "./client/mod.ts";
export type { HttpServiceOptions, Servlet } from "./http_service.ts";
export { HttpService } from "./http_service.ts";

/**
 * The HTTP service: servlets by path on one server.
 *
 * @module
 */
export type { HttpServiceOptions, Servlet } from "./http_service.ts";
export { HttpService } from "./http_service.ts";
export { charsetOf, readBody } from "./body.ts";

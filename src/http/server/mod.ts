/**
 * The HTTP service: servlets by path, on Deno's own server or `node:http`.
 *
 * @module
 */
export type { HttpListenErrorCode } from "./http_listen_error.ts";
export { HttpListenError } from "./http_listen_error.ts";
export type { HttpServerKind, HttpServerLimits, HttpServerTls } from "./http_server.ts";
export type { HttpCloseOptions } from "./http_service.ts";
export { HttpService } from "./http_service.ts";
export type { HttpServiceContext, HttpServiceOptions } from "./http_service_options.ts";
export { checkHttpServiceOptions, HTTP_SERVICE_NAMES } from "./http_service_options.ts";
export {
  chooseAdvertisedHost,
  findAsciiForm,
  isCallableHost,
  isLoopbackHost,
  isWildcardHost,
} from "./host_name.ts";
export type { PageGuardOptions } from "./page_guard.ts";
export type { Respond, Responder, Servlet } from "./responder.ts";
export { collectResponse, createErrorResponse } from "./responder.ts";
export { createRefusal, EXECUTED_HEADER, toRefusal } from "./refusal.ts";
export type { RefusalCounts } from "./refusal_counts.ts";
export { checkServletPath } from "./servlet_path.ts";
export type { HttpServiceState } from "./server_keeper.ts";

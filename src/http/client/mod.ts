/**
 * The HTTP client: one request, one execution.
 *
 * @module
 */
export { FetchTransport } from "./fetch_transport.ts";
export { HostRules } from "./host_rules.ts";
export type { HttpClientOptions, HttpReply, HttpRequest, HttpTransport } from "./http_client.ts";
export { HttpClient } from "./http_client.ts";
export type { HttpClientErrorCode, HttpClientErrorDetails } from "./http_client_errors.ts";
export { HttpClientError } from "./http_client_errors.ts";
export type { HttpTarget } from "./http_target.ts";
export { parseHttpTarget } from "./http_target.ts";
export type { HeaderEntry } from "./request_head.ts";
export { PreparedHeaders } from "./request_head.ts";
export type { HttpClientTls } from "./socket_dialer.ts";

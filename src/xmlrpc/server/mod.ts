/**
 * The XML-RPC server: a function from `Request` to `Response`.
 *
 * @module
 */
export type { Authenticate, Principal } from "./auth.ts";
export { basicAuth, bearerAuth } from "./auth.ts";
export type { CallContext } from "./call_context.ts";
export { currentCall } from "./call_context.ts";
export type { BodyLimits, ErrorDetail, HandlerOptions } from "./handler.ts";
export { createXmlRpcHandler } from "./handler.ts";
export type { Dispatch, Method, MethodDefinition, Methods, XmlRpcType } from "./method_table.ts";
export type { SystemMethods } from "./system_methods.ts";

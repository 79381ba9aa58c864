/**
 * The XML-RPC server: a function from `Request` to `Response`.
 *
 * @module
 */
export type { Authenticate, Principal } from "./auth.ts";
export type { AuthorizeMethod } from "./method_rights.ts";
export { basicAuth, bearerAuth } from "./auth.ts";
export type { CallContext } from "./call_context.ts";
export { currentCall } from "./call_context.ts";
export type { ErrorDetail } from "./error_fault.ts";
export type { HandlerOptions } from "./handler_options.ts";
export type { BodyLimits } from "./request_body.ts";
export { createXmlRpcHandler, createXmlRpcResponder } from "./handler.ts";
export type { Dispatch, Method, MethodDefinition, Methods, XmlRpcType } from "./method_table.ts";
export type { SystemMethods } from "./system_methods.ts";

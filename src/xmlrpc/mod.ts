/**
 * XML-RPC without a DOM: strings in, strings out, a client on `fetch` and a server as
 * a function from `Request` to `Response`. It knows the six scalars, arrays, structs
 * and faults of the specification, `nil`, `i8` and Apache's extensions.
 *
 * @module
 */
export type { XmlRpcCallOptions, XmlRpcClientOptions } from "./client.ts";
export { XmlRpcClient } from "./client.ts";
export type { DecodeOptions, MethodCall, ScalarOptions } from "./decoder.ts";
export { decodeMethodCall, decodeMethodResponse } from "./decoder.ts";
export type { EncodeOptions } from "./encoder.ts";
export { encodeFault, encodeMethodCall, encodeMethodResponse } from "./encoder.ts";
export type { SyntaxErrorDetails, XmlRpcTransportCode } from "./errors.ts";
export {
  FAULT_CODES,
  XmlRpcConnectionError,
  XmlRpcFault,
  XmlRpcHttpError,
  XmlRpcInvalidReplyError,
  XmlRpcReplyTooLargeError,
  XmlRpcSyntaxError,
  XmlRpcTimeoutError,
  XmlRpcTransportError,
} from "./errors.ts";
export type { Authenticate, Principal } from "./auth.ts";
export { basicAuth, bearerAuth } from "./auth.ts";
export type { CallContext } from "./call_context.ts";
export { currentCall } from "./call_context.ts";
export type { BodyLimits, ErrorDetail, HandlerOptions } from "./handler.ts";
export { createXmlRpcHandler } from "./handler.ts";
export type { Dispatch, Method, MethodDefinition, Methods, XmlRpcType } from "./methods.ts";
export type { SystemMethods } from "./system_methods.ts";
export type { Dialect, NumberType, TimeZone, XmlRpcValue } from "./values.ts";
export { DateTime, EXTENSIONS_NAMESPACE, TypedNumber } from "./values.ts";
export { base64, dateTime, double, float, i2, i8, int } from "./typed_values.ts";

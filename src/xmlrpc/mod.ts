/**
 * XML-RPC without a DOM: strings in, strings out, a client on `fetch` and a server as
 * a function from `Request` to `Response`. It knows the six scalars, arrays, structs
 * and faults of the specification, `nil`, `i8` and Apache's extensions.
 *
 * @module
 */
export type { XmlRpcCallOptions, XmlRpcClientOptions } from "./client.ts";
export { XmlRpcClient } from "./client.ts";
export type { DecodeOptions, MethodCall, ScalarOptions } from "./codec/decoder.ts";
export { decodeMethodCall, decodeMethodResponse } from "./codec/decoder.ts";
export type { EncodeOptions } from "./codec/encoder.ts";
export { encodeFault, encodeMethodCall, encodeMethodResponse } from "./codec/encoder.ts";
export type { SyntaxErrorDetails, XmlRpcTransportCode } from "./codec/errors.ts";
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
} from "./codec/errors.ts";
export type { Authenticate, Principal } from "./server/auth.ts";
export { basicAuth, bearerAuth } from "./server/auth.ts";
export type { CallContext } from "./server/call_context.ts";
export { currentCall } from "./server/call_context.ts";
export type { BodyLimits, ErrorDetail, HandlerOptions } from "./server/handler.ts";
export { createXmlRpcHandler } from "./server/handler.ts";
export type {
  Dispatch,
  Method,
  MethodDefinition,
  Methods,
  XmlRpcType,
} from "./server/method_table.ts";
export type { SystemMethods } from "./server/system_methods.ts";
export type { Dialect, NumberType, TimeZone, XmlRpcValue } from "./codec/values.ts";
export { DateTime, EXTENSIONS_NAMESPACE, TypedNumber } from "./codec/values.ts";
export { base64, dateTime, double, float, i2, i8, int } from "./codec/typed_values.ts";

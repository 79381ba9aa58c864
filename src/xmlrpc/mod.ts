/**
 * XML-RPC without a DOM: strings in, strings out, a client on `fetch` and a server as
 * a function from `Request` to `Response`. It knows the six scalars, arrays, structs
 * and faults of the specification, `nil`, `i8` and Apache's extensions.
 *
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 * import { createXmlRpcHandler, XmlRpcClient } from "@remote-services/etcd3/xmlrpc";
 *
 * await using http = new HttpService({ port: 0 });
 * await http.start();
 * const handler = createXmlRpcHandler({ "math.add": (a, b) => Number(a) + Number(b) });
 * using _servlet = http.register("/RPC2", handler);
 *
 * const client = new XmlRpcClient(`${http.url}/RPC2`);
 * console.log(await client.call("math.add", [1, 2])); // 3
 * ```
 *
 * @module
 */
export type { XmlRpcCallOptions, XmlRpcClientOptions, XmlRpcReplyHead } from "./client_options.ts";
export { XmlRpcClient } from "./client.ts";
export type { DecodeOptions, MethodCall, ScalarOptions } from "./codec/mod.ts";
export { decodeMethodCall, decodeMethodResponse } from "./codec/mod.ts";
export type { EncodeOptions, IntegerForm, MethodNames } from "./codec/mod.ts";
export { encodeFault, encodeMethodCall, encodeMethodResponse } from "./codec/mod.ts";
export type { XmlRpcTransportCode, XmlRpcTransportErrorDetails } from "./client_errors.ts";
export type { FaultMembers, XmlRpcFaultDetails } from "./codec/mod.ts";
export { FAULT_CODES, XmlRpcFault, XmlRpcSyntaxError, XmlRpcValueError } from "./codec/mod.ts";
export {
  XmlRpcConnectionError,
  XmlRpcHttpError,
  XmlRpcInvalidReplyError,
  XmlRpcReplyTooLargeError,
  XmlRpcTimeoutError,
  XmlRpcTransportError,
} from "./client_errors.ts";
export type { Authenticate, Principal } from "./server/mod.ts";
export type { AuthorizeMethod } from "./server/mod.ts";
export { basicAuth, bearerAuth } from "./server/mod.ts";
export type { CallContext } from "./server/mod.ts";
export { currentCall } from "./server/mod.ts";
export type { BodyLimits, ErrorDetail, HandlerOptions } from "./server/mod.ts";
export type {
  HeaderEntry,
  HttpClientErrorCode,
  HttpClientErrorDetails,
  HttpClientOptions,
  HttpClientTls,
  HttpReply,
  HttpRequest,
  HttpTarget,
  HttpTransport,
  Respond,
  Responder,
} from "../http/mod.ts";
export { HttpClient, HttpClientError, parseHttpTarget } from "../http/mod.ts";
export { createXmlRpcHandler, createXmlRpcResponder } from "./server/mod.ts";
export type { Dispatch, Method, MethodDefinition, Methods, XmlRpcType } from "./server/mod.ts";
export type { SystemMethods } from "./server/mod.ts";
export type { Dialect, NumberType, TimeZone, XmlRpcValue } from "./codec/mod.ts";
export { DateTime, EXTENSIONS_NAMESPACE, TypedNumber } from "./codec/mod.ts";
export { base64, dateTime, double, float, i2, i8, int } from "./codec/mod.ts";

/**
 * The XML-RPC codec: documents to values and values to documents.
 *
 * @module
 */
export type { DecodeOptions, MethodCall, ScalarOptions } from "./decoder.ts";
export {
  decodeMethodCall,
  decodeMethodResponse,
  type Origin,
  type ReadCall,
  readMethodCall,
  readMethodResponse,
} from "./decoder.ts";
export type { EncodeOptions, IntegerForm } from "./encoding/mod.ts";
export {
  encodeFault,
  encodeMethodCall,
  encodeMethodResponse,
  writeMethodCall,
  writeMethodResponse,
} from "./encoding/mod.ts";
export { Layouts } from "./layouts.ts";
export type { FaultMembers, XmlRpcFaultDetails } from "./errors.ts";
export { FAULT_CODES, XmlRpcFault, XmlRpcSyntaxError, XmlRpcValueError } from "./errors.ts";
export type { MethodNames } from "./method_name_rules.ts";
export { checkDepth, checkPositive } from "./limits.ts";
export {
  base64,
  DateTime,
  dateTime,
  double,
  EXTENSIONS_NAMESPACE,
  float,
  i2,
  i8,
  int,
  TypedNumber,
} from "./values/mod.ts";
export type { Dialect, NumberType, TimeZone, XmlRpcValue } from "./values/mod.ts";

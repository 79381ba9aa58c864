/**
 * Values of XML-RPC in JavaScript, and the strings that documents have for them.
 *
 * @module
 */
export { formatBase64, viewBytes } from "./base64.ts";
export { formatPlainTime, formatTime } from "./dates.ts";
export { formatDouble, isDecimal } from "./numbers.ts";
export { type Scalar, type ScalarOptions, SCALARS, STRING, trimXmlSpace } from "./scalars.ts";
export { defineMember, isStruct, type Struct } from "./struct.ts";
export { base64, dateTime, double, float, i2, i8, int } from "./typed_values.ts";
export {
  DateTime,
  type Dialect,
  EXTENSIONS_NAMESPACE,
  type NumberType,
  type TimeZone,
  TypedNumber,
  type XmlRpcValue,
} from "./values.ts";

import { checkOptionNames, type OptionNames } from "../../../util/mod.ts";
import { escapeXml, replaceUnencodable } from "../../../xml/mod.ts";
import { FAULT_CODES, XmlRpcFault } from "../errors.ts";
import { describeMethodNames, isMethodName } from "../method_name_rules.ts";
import { EXTENSIONS_NAMESPACE } from "../values/mod.ts";
import { type EncodeOptions, Writer } from "./value_encoder.ts";

export type { EncodeOptions, IntegerForm } from "./value_encoder.ts";

const NAMES: Readonly<Record<keyof EncodeOptions, true>> = {
  allowNil: true,
  dialect: true,
  integers: true,
  maxDepth: true,
  maxLength: true,
  methodNames: true,
  timeZone: true,
};
const ENCODE_OPTIONS: OptionNames = { path: "", known: Object.keys(NAMES) };
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Encodes a `methodCall`. Trailing parameters that are `undefined` are left out, so that
 * default values of the method apply.
 *
 * @throws {TypeError} naming the place, as in `params[0].name`, if XML-RPC cannot carry a
 * value, if the name of the method is not allowed, or an option does not exist
 * @example
 * ```ts
 * import { encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * const document = encodeMethodCall("math.add", [1, 2]);
 * ```
 */
export function encodeMethodCall(
  methodName: string,
  params: readonly unknown[] = [],
  options: EncodeOptions = {},
): string {
  checkOptionNames(options, ENCODE_OPTIONS);
  return writeMethodCall(methodName, params, options);
}

/** Encodes a `methodCall` with options that were checked, among others. */
export function writeMethodCall(
  methodName: string,
  params: readonly unknown[],
  options: EncodeOptions,
): string {
  const { methodNames } = options;
  if (!isMethodName(methodName, methodNames)) {
    const name = JSON.stringify(methodName.slice(0, 80));
    throw new TypeError(
      `Cannot call ${name}: the name of a method has ${describeMethodNames(methodNames)}`,
    );
  }
  let count = params.length;
  while (count > 0 && params[count - 1] === undefined) count--;
  const writer = new Writer(options, "params");
  for (let index = 0; index < count; index++) writer.writeParam(params[index], index);
  const name = methodNames === "any" ? escapeXml(methodName) : methodName;
  return `${DECLARATION}<methodCall${declareNamespace(writer)}><methodName>${name}</methodName>` +
    `<params>${writer.text}</params></methodCall>`;
}

/**
 * Encodes a `methodResponse` with one value.
 *
 * @throws {TypeError} naming the place, as in `result.items[2]`, if XML-RPC cannot carry a
 * value, or if an option does not exist
 * @example
 * ```ts
 * import { encodeMethodResponse } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(encodeMethodResponse(3).includes("<value><int>3</int></value>")); // true
 * ```
 */
export function encodeMethodResponse(value: unknown, options: EncodeOptions = {}): string {
  checkOptionNames(options, ENCODE_OPTIONS);
  return writeMethodResponse(value, options);
}

/** Encodes a `methodResponse` with options that were checked, among others. */
export function writeMethodResponse(value: unknown, options: EncodeOptions): string {
  const writer = new Writer(options, "result");
  writer.writeParam(value);
  return `${DECLARATION}<methodResponse${declareNamespace(writer)}><params>${writer.text}` +
    `</params></methodResponse>`;
}

/**
 * Encodes a `methodResponse` with a fault: an {@link XmlRpcFault}, or a code and a string.
 * It never throws: characters that XML cannot carry are replaced, and a code that is 0 or
 * not a 32-bit integer becomes -32603.
 *
 * @example
 * ```ts
 * import { decodeMethodResponse, encodeFault, XmlRpcFault } from "@remote-services/etcd3/xmlrpc";
 *
 * try {
 *   decodeMethodResponse(encodeFault(42, "sold out"));
 * } catch (error) {
 *   if (error instanceof XmlRpcFault) console.log(error.faultCode, error.message); // 42 sold out
 * }
 * ```
 */
export function encodeFault(fault: XmlRpcFault): string;
/** Encodes a `methodResponse` with a fault of the given code and string. */
export function encodeFault(faultCode: number, faultString: string): string;
export function encodeFault(fault: XmlRpcFault | number, text?: string): string {
  const [code, words] = fault instanceof XmlRpcFault
    ? [fault.faultCode, fault.faultString]
    : [fault, text];
  const isCode = Number.isInteger(code) && code !== 0 && (code | 0) === code;
  const writer = new Writer({}, "fault");
  writer.writeValue({
    faultCode: isCode ? code : FAULT_CODES.internalError,
    faultString: replaceUnencodable(String(words ?? "")) || "Unknown error",
  });
  return `${DECLARATION}<methodResponse><fault>${writer.text}</fault></methodResponse>`;
}

/** Returns the declaration of Apache's namespace if something written needs it. */
function declareNamespace(writer: Writer): string {
  return writer.usesExtensions ? ` xmlns:ex="${EXTENSIONS_NAMESPACE}"` : "";
}

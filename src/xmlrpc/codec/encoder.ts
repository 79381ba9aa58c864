import { replaceUnencodable } from "../../xml/mod.ts";
import { type EncodeOptions, Writer } from "./value_encoder.ts";
import { FAULT_CODES, XmlRpcFault } from "./errors.ts";
import { EXTENSIONS_NAMESPACE } from "./values.ts";

export type { EncodeOptions } from "./value_encoder.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Writes a `methodCall`.
 *
 * @throws {TypeError} naming the place, as in `params[0].name`, when a value is none
 * that XML-RPC can carry.
 */
export function encodeMethodCall(
  methodName: string,
  params: readonly unknown[] = [],
  options: EncodeOptions = {},
): string {
  if (!/^[\w.:/]{1,255}$/.test(methodName)) {
    throw new TypeError(
      `Cannot call ${
        JSON.stringify(methodName.slice(0, 80))
      }: a method's name has 1 to 255 letters, digits, _ . : and /`,
    );
  }
  const writer = new Writer(options, "params");
  for (let index = 0; index < params.length; index++) writer.param(params[index], index);
  return `${DECLARATION}<methodCall${namespaceOf(writer)}><methodName>${methodName}</methodName>` +
    `<params>${writer.text}</params></methodCall>`;
}

/**
 * Writes a `methodResponse` with one value.
 *
 * @throws {TypeError} naming the place, as in `result.items[2]`, when the value is none
 * that XML-RPC can carry.
 */
export function encodeMethodResponse(value: unknown, options: EncodeOptions = {}): string {
  const writer = new Writer(options, "result");
  writer.param(value);
  return `${DECLARATION}<methodResponse${namespaceOf(writer)}><params>${writer.text}</params>` +
    `</methodResponse>`;
}

/**
 * Writes a `methodResponse` with a fault: an {@link XmlRpcFault}, or a code and a text.
 * It never fails: characters that XML can't carry are replaced, and a code that is 0 or
 * no 32-bit integer becomes -32603.
 */
export function encodeFault(fault: XmlRpcFault): string;
/** Writes a `methodResponse` with a fault of the given code and text. */
export function encodeFault(faultCode: number, faultString: string): string;
export function encodeFault(fault: XmlRpcFault | number, text?: string): string {
  const [code, words] = fault instanceof XmlRpcFault
    ? [fault.faultCode, fault.faultString]
    : [fault, text];
  const isCode = Number.isInteger(code) && code !== 0 && (code | 0) === code;
  const writer = new Writer({}, "fault");
  writer.value({
    faultCode: isCode ? code : FAULT_CODES.internalError,
    faultString: replaceUnencodable(String(words ?? "")) || "Unknown error",
  });
  return `${DECLARATION}<methodResponse><fault>${writer.text}</fault>` +
    `</methodResponse>`;
}

/** The declaration of Apache's namespace, where something written needs it. */
function namespaceOf(writer: Writer): string {
  return writer.usesExtensions ? ` xmlns:ex="${EXTENSIONS_NAMESPACE}"` : "";
}

import { textOf } from "./_encoding.ts";
import { type DecodeOptions, enter, invalid, leave, ValueDecoder } from "./_value_decoder.ts";
import { XmlReader } from "./_xml_reader.ts";
import { FAULT_CODES, type XmlRpcFault, XmlRpcSyntaxError } from "./errors.ts";
import type { Dialect, XmlRpcValue } from "./values.ts";

export type { DecodeOptions } from "./_value_decoder.ts";

/** A call as it came. */
export interface MethodCall {
  /** Name of the method. */
  readonly methodName: string;
  /** Its parameters. */
  readonly params: XmlRpcValue[];
}

/** Longest method name that is read. */
const MAX_METHOD_NAME = 255;

/**
 * Reads a `methodCall`.
 *
 * @throws {XmlRpcSyntaxError} with the offset, when the document is not well-formed
 * or no method call.
 */
export function decodeMethodCall(
  document: string | Uint8Array,
  options: DecodeOptions = {},
): MethodCall {
  const { methodName, params } = readMethodCall(document, options);
  return { methodName, params };
}

/** Reads a `methodCall` and the dialect in which its sender wants the answer. */
export function readMethodCall(
  document: string | Uint8Array,
  options: DecodeOptions,
): MethodCall & { readonly dialect: Dialect } {
  const xml = new XmlReader(textOf(document), options.joinSurrogates);
  const decoder = new ValueDecoder(xml, options);
  enter(xml, "methodCall");
  enter(xml, "methodName");
  const methodName = xml.text();
  if (!/^[\w.:/]+$/.test(methodName) || methodName.length > MAX_METHOD_NAME) {
    throw invalid(xml, "Cannot read the method's name");
  }
  leave(xml);
  const params = decoder.params();
  leave(xml);
  xml.end();
  return { methodName, params, dialect: xml.declaresExtensions ? "apache" : "plain" };
}

/**
 * Reads a `methodResponse` and gives its value, `null` when it has none.
 *
 * @throws {XmlRpcFault} when the response is a fault.
 * @throws {XmlRpcSyntaxError} with the offset, when the document is not well-formed
 * or no method response.
 */
export function decodeMethodResponse(
  document: string | Uint8Array,
  options: DecodeOptions = {},
): XmlRpcValue {
  const xml = new XmlReader(textOf(document), options.joinSurrogates);
  const decoder = new ValueDecoder(xml, options);
  enter(xml, "methodResponse");
  xml.space();
  let fault: XmlRpcFault | undefined;
  let values: XmlRpcValue[] = [];
  if (xml.isClosing()) throw invalid(xml, "Cannot find params or fault");
  const offset = xml.offset;
  const element = xml.open();
  if (element === "fault") fault = decoder.fault();
  else if (element === "params") values = decoder.paramList();
  else throw invalid(xml, "Cannot find params or fault");
  leave(xml);
  xml.end();
  if (fault !== undefined) throw fault;
  if (values.length > 1) {
    throw new XmlRpcSyntaxError(
      "Cannot read more than one result",
      offset,
      FAULT_CODES.invalidXmlRpc,
    );
  }
  return values[0] ?? null;
}

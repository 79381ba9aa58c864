import { textOf } from "./charset.ts";
import {
  enter,
  FAULT,
  invalid,
  leave,
  METHOD_CALL,
  METHOD_NAME,
  METHOD_RESPONSE,
  PARAMS,
} from "./grammar.ts";
import { type DecodeOptions, ValueDecoder } from "./value_decoder.ts";
import { XmlReader } from "../../xml/mod.ts";
import { FAULT_CODES, type XmlRpcFault, XmlRpcSyntaxError } from "./errors.ts";
import type { Dialect, XmlRpcValue } from "./values.ts";

export type { ScalarOptions } from "./scalars.ts";
export type { DecodeOptions } from "./value_decoder.ts";

/** A call as it came. */
export interface MethodCall {
  /** Name of the method. */
  readonly methodName: string;
  /** Its parameters. */
  readonly params: XmlRpcValue[];
}

/** What is known of a document from outside. */
export interface Origin {
  /** Charset of the HTTP header. */
  readonly charset?: string | undefined;
}

/** How every peer but the one that breaks lines begins. */
const CALL_START = METHOD_CALL.start + METHOD_NAME.start;
/** Longest method name that is read. */
const MAX_METHOD_NAME = 255;
/** Longest document that is read, unless an option says otherwise. */
const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * Reads a `methodCall`.
 *
 * @throws {XmlRpcSyntaxError} with line, column and what was expected, when the
 * document is not well-formed, no method call or beyond a limit.
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
  origin: Origin = {},
): MethodCall & { readonly dialect: Dialect } {
  const xml = open(document, options, origin);
  if (!xml.take(CALL_START)) {
    enter(xml, METHOD_CALL);
    enter(xml, METHOD_NAME);
  }
  const methodName = xml.text();
  if (!/^[\w.:/]+$/.test(methodName) || methodName.length > MAX_METHOD_NAME) {
    throw invalid(xml, "Cannot read the method's name", "1 to 255 letters, digits, _ . : and /");
  }
  leave(xml, METHOD_NAME);
  const params = new ValueDecoder(xml, options).params();
  leave(xml, METHOD_CALL);
  xml.end();
  return { methodName, params, dialect: xml.declaresExtensions ? "apache" : "plain" };
}

/**
 * Reads a `methodResponse` and gives its value, `null` when it has none.
 *
 * @throws {XmlRpcFault} when the response is a fault.
 * @throws {XmlRpcSyntaxError} with line, column and what was expected, when the
 * document is not well-formed, no method response or beyond a limit.
 */
export function decodeMethodResponse(
  document: string | Uint8Array,
  options: DecodeOptions = {},
): XmlRpcValue {
  return readMethodResponse(document, options);
}

/** Reads a `methodResponse`. */
export function readMethodResponse(
  document: string | Uint8Array,
  options: DecodeOptions,
  origin: Origin = {},
): XmlRpcValue {
  const xml = open(document, options, origin);
  const decoder = new ValueDecoder(xml, options);
  enter(xml, METHOD_RESPONSE);
  xml.space();
  const offset = xml.offset;
  const element = xml.open();
  let fault: XmlRpcFault | undefined;
  let values: XmlRpcValue[] = [];
  if (element === FAULT.name) {
    fault = decoder.fault();
    leave(xml, FAULT);
  } else if (element === PARAMS.name) values = decoder.paramList();
  else throw invalid(xml, "Cannot find the answer", "<params> or <fault>");
  leave(xml, METHOD_RESPONSE);
  xml.end();
  if (fault !== undefined) throw fault;
  if (values.length > 1) {
    const faultCode = FAULT_CODES.invalidXmlRpc;
    throw xml.error("Cannot read more than one result", "one", { offset, faultCode });
  }
  return values[0] ?? null;
}

/** A reader before the root element. */
function open(document: string | Uint8Array, options: DecodeOptions, origin: Origin): XmlReader {
  const maxLength = options.maxLength ?? MAX_LENGTH;
  if (document.length > maxLength) {
    throw new XmlRpcSyntaxError(`Cannot read a document of ${document.length}`, {
      ...{ expected: `${maxLength} at most`, offset: maxLength, line: 1, column: 1 },
      faultCode: FAULT_CODES.invalidXmlRpc,
    });
  }
  const xml = new XmlReader(textOf(document, origin.charset), options.joinSurrogates);
  xml.misc();
  if (!xml.isTag) throw xml.error("Cannot find the root element", "a tag");
  return xml;
}

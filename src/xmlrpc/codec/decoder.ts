import { checkOptionNames, type OptionNames } from "../../util/mod.ts";
import { decodeXmlBytes, XmlReader, XmlSyntaxError } from "../../xml/mod.ts";
import { translateXmlError, XmlRpcFault } from "./errors.ts";
import { ExtensionPrefixes } from "./extensions.ts";
import { readFault } from "./fault_decoder.ts";
import {
  createInvalidError,
  enter,
  FAULT,
  leave,
  METHOD_CALL,
  METHOD_NAME,
  METHOD_RESPONSE,
  PARAMS,
} from "./grammar.ts";
import type { Layouts } from "./layouts.ts";
import { describeMethodNames, isMethodName, type MethodNames } from "./method_name_rules.ts";
import { type Dialect, trimXmlSpace, type XmlRpcValue } from "./values/mod.ts";
import { type DecodeOptions, type DecoderSwitches, ValueDecoder } from "./value_decoder.ts";

export type { ScalarOptions } from "./values/mod.ts";
export type { DecodeOptions } from "./value_decoder.ts";

/** A decoded call. */
export interface MethodCall {
  /** Name of the method. */
  readonly methodName: string;
  /** Parameters in their order. */
  readonly params: XmlRpcValue[];
}

/** Facts about a document from outside. */
export interface Origin extends DecoderSwitches {
  /** Charset of the HTTP header. */
  readonly charset?: string | undefined;
  /** Layouts of earlier documents that were read with the same options. */
  readonly layouts?: Layouts | undefined;
}

/** Facts about a reply from outside. */
export interface ReplyOrigin extends Origin {
  /** Method that replied. */
  readonly methodName?: string;
}

/** A decoded call with the dialect in which its sender expects the reply. */
export interface ReadCall extends MethodCall {
  readonly dialect: Dialect;
}

/** Start of a call as every peer writes it, except the one that breaks lines. */
const CALL_START = METHOD_CALL.start + METHOD_NAME.start;
/** Start of a call as that one writes it, which is Python's. */
const CALL_START_IN_LINES = `${METHOD_CALL.start}\n${METHOD_NAME.start}`;
/** Start of a reply as most peers write it. */
const RESULT_START = METHOD_RESPONSE.start + PARAMS.start;
/** Start of a reply as Python writes it. */
const RESULT_START_IN_LINES = `${METHOD_RESPONSE.start}\n${PARAMS.start}`;
const NAMES: Readonly<Record<keyof DecodeOptions, true>> = {
  dateTimeAs: true,
  i8As: true,
  joinSurrogates: true,
  lenient: true,
  maxDepth: true,
  maxLength: true,
  maxValues: true,
  methodNames: true,
  timeZone: true,
  typedNumbers: true,
};
const DECODE_OPTIONS: OptionNames = { path: "", known: Object.keys(NAMES) };
/** Longest document that is read unless an option allows more. */
const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * Decodes a `methodCall`.
 *
 * @throws {XmlRpcSyntaxError} with line, column and what was expected if the document is
 * not well-formed, not a method call, or exceeds a limit
 * @example
 * ```ts
 * import { decodeMethodCall, encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * const { methodName, params } = decodeMethodCall(encodeMethodCall("math.add", [1, 2]));
 * console.log(methodName, params); // math.add [ 1, 2 ]
 * ```
 */
export function decodeMethodCall(
  document: string | Uint8Array,
  options: DecodeOptions = {},
): MethodCall {
  checkOptionNames(options, DECODE_OPTIONS);
  const { methodName, params } = readMethodCall(document, options);
  return { methodName, params };
}

/**
 * Decodes a `methodCall`, and the dialect in which its sender expects the reply.
 *
 * @throws {XmlRpcSyntaxError} as {@link decodeMethodCall}
 */
export function readMethodCall(
  document: string | Uint8Array,
  options: DecodeOptions,
  origin: Origin = {},
): ReadCall {
  const { layouts } = origin;
  try {
    const { xml, extensions } = openDocument(document, options, origin);
    const isUsual = xml.take(CALL_START) || xml.take(CALL_START_IN_LINES);
    if (!isUsual) {
      enter(xml, METHOD_CALL);
      enter(xml, METHOD_NAME);
    }
    const name = xml.readText();
    const known = isUsual ? layouts?.read(name, xml, options) : undefined;
    if (known !== undefined) {
      return { methodName: known.methodName, params: known.values, dialect: known.dialect };
    }
    const methodName = checkMethodName(xml, name, options.methodNames);
    const recorder = isUsual ? layouts?.createRecorder(methodName, xml) : undefined;
    leave(xml, METHOD_NAME);
    const params = new ValueDecoder(xml, extensions, options, { ...origin, recorder }).readParams();
    leave(xml, METHOD_CALL);
    xml.checkEnd();
    const dialect = extensions.isDeclared ? "apache" : "plain";
    if (recorder !== undefined) layouts?.add(methodName, recorder, dialect);
    return { methodName, params, dialect };
  } catch (error) {
    throw translateXmlError(error);
  }
}

function checkMethodName(xml: XmlReader, name: string, allowed?: MethodNames): string {
  const methodName = trimXmlSpace(name);
  if (isMethodName(methodName, allowed)) return methodName;
  const expected = describeMethodNames(allowed);
  throw createInvalidError(xml, "Cannot read the name of the method", expected);
}

/**
 * Decodes a `methodResponse` and returns its value, `null` if it has none.
 *
 * @throws {XmlRpcFault} if the response is a fault
 * @throws {XmlRpcSyntaxError} with line, column and what was expected if the document is
 * not well-formed, not a method response, or exceeds a limit
 * @example
 * ```ts
 * import { decodeMethodResponse, encodeMethodResponse } from "@remote-services/etcd3/xmlrpc";
 *
 * decodeMethodResponse(encodeMethodResponse({ sum: 3 })); // { sum: 3 }
 * ```
 */
export function decodeMethodResponse(
  document: string | Uint8Array,
  options: DecodeOptions = {},
): XmlRpcValue {
  checkOptionNames(options, DECODE_OPTIONS);
  return readMethodResponse(document, options);
}

/**
 * Decodes a `methodResponse` that came over HTTP.
 *
 * @param origin with the name of the method if it has layouts
 * @throws {XmlRpcFault | XmlRpcSyntaxError} as {@link decodeMethodResponse}
 */
export function readMethodResponse(
  document: string | Uint8Array,
  options: DecodeOptions,
  origin: ReplyOrigin = {},
): XmlRpcValue {
  const { layouts, methodName = "" } = origin;
  try {
    const { xml, extensions } = openDocument(document, options, origin);
    const isUsual = xml.take(RESULT_START) || xml.take(RESULT_START_IN_LINES);
    const known = isUsual ? layouts?.read(methodName, xml, options) : undefined;
    if (known !== undefined) return known.values[0] ?? null;
    const recorder = isUsual ? layouts?.createRecorder(methodName, xml) : undefined;
    const decoder = new ValueDecoder(xml, extensions, options, { ...origin, recorder });
    let offset = xml.offset - PARAMS.start.length;
    if (!isUsual) {
      enter(xml, METHOD_RESPONSE);
      xml.skipSpace();
      offset = xml.offset;
    }
    const content = isUsual
      ? decoder.readParamList()
      : readContent(xml, extensions, decoder, options);
    leave(xml, METHOD_RESPONSE);
    xml.checkEnd();
    if (content instanceof XmlRpcFault) throw content;
    if (content.length > 1) {
      throw xml.createError("Cannot read more than one result", "one", "unexpected", offset);
    }
    if (recorder !== undefined) layouts?.add(methodName, recorder, "plain");
    return content[0] ?? null;
  } catch (error) {
    throw translateXmlError(error);
  }
}

/** Reads the results of a reply, or its fault. */
function readContent(
  xml: XmlReader,
  extensions: ExtensionPrefixes,
  decoder: ValueDecoder,
  options: DecodeOptions,
): XmlRpcValue[] | XmlRpcFault {
  const element = xml.openElement();
  if (element === PARAMS.name) return decoder.readParamList();
  if (element !== FAULT.name) {
    throw createInvalidError(xml, "Cannot find the reply", "<params> or <fault>");
  }
  const fault = readFault(xml, extensions, options);
  leave(xml, FAULT);
  return fault;
}

/** Returns a reader before the root element. */
function openDocument(
  document: string | Uint8Array,
  options: DecodeOptions,
  origin: Origin,
): { readonly xml: XmlReader; readonly extensions: ExtensionPrefixes } {
  checkLength(document, options.maxLength ?? MAX_LENGTH);
  const extensions = new ExtensionPrefixes();
  const { joinSurrogates = false } = options;
  const text = decodeXmlBytes(document, origin);
  const xml = new XmlReader(text, { joinSurrogates, attributeListener: extensions });
  xml.skipMisc();
  if (!xml.isTag) throw xml.createError("Cannot find the root element", "a tag");
  return { xml, extensions };
}

function checkLength({ length }: string | Uint8Array, maxLength: number): void {
  if (length <= maxLength) return;
  throw new XmlSyntaxError(`Cannot read a document of length ${length}`, {
    expected: `${maxLength} at most`,
    offset: maxLength,
    line: 1,
    column: 1,
    code: "unexpected",
  });
}

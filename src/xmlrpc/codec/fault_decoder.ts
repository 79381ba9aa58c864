import type { XmlReader } from "../../xml/mod.ts";
import { XmlRpcFault } from "./errors.ts";
import { isStruct } from "./struct.ts";
import { parseInteger } from "./numbers.ts";
import type { ValueDecoder } from "./value_decoder.ts";

/** Reads the content of `fault`. Members beyond the two are ignored. */
export function readFault(xml: XmlReader, decoder: ValueDecoder): XmlRpcFault {
  const offset = xml.offset;
  const value = decoder.readValue(1);
  const { faultCode: code, faultString: text } = isStruct(value) ? value : {};
  const isNumber = typeof code === "number" || typeof code === "bigint" || typeof code === "string";
  const number = isNumber ? parseInteger(String(code), 53) : undefined;
  if (number !== undefined && typeof text === "string") return new XmlRpcFault(number, text);
  const expected = "a struct of faultCode and faultString";
  throw xml.createError("Cannot read the fault", expected, "unexpected", offset);
}

/**
 * Endpoint descriptions in XML, as OSGi's Endpoint Description Extender Format.
 *
 * @module
 */
export { EdefError, type EdefErrorDetails } from "./edef_error.ts";
export { decodeEdef, type DecodeEdefOptions } from "./edef_reader.ts";
export { encodeEdef } from "./edef_writer.ts";

/**
 * What must hold of every document that is read, whatever it is.
 *
 * @module
 */
import { SaxesParser } from "saxes";
import { decodeMethodCall, XmlRpcSyntaxError } from "../../src/xmlrpc/mod.ts";

/**
 * Reads a document as a call and tells whether it was one.
 *
 * @throws {Error} when reading fails in any other way than it may, or when the document
 * is read though another strict parser finds it not well-formed.
 */
export function check(document: string): boolean {
  try {
    decodeMethodCall(document);
  } catch (error) {
    if (error instanceof XmlRpcSyntaxError) return false;
    throw new Error(`Unexpected ${error} for ${JSON.stringify(document)}`, { cause: error });
  }
  try {
    new SaxesParser().write(document).close();
  } catch (error) {
    throw new Error(`Not well-formed but read (${error}): ${JSON.stringify(document)}`);
  }
  return true;
}

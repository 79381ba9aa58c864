/**
 * Checks that hold for every document that the reader accepts.
 *
 * @module
 */
import { SaxesParser } from "saxes";
import { decodeMethodCall, XmlRpcSyntaxError } from "../../src/xmlrpc/mod.ts";

/**
 * Reads a document as a call. Returns whether the reader accepted it.
 *
 * @throws {Error} if reading fails with an unexpected error, or if the reader accepts a
 * document that another strict parser refuses
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
    throw new Error(`Accepted but not well-formed (${error}): ${JSON.stringify(document)}`);
  }
  return true;
}

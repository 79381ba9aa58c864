/**
 * Properties of every document that is read, whatever it contains.
 *
 * @module
 */
import assert from "node:assert/strict";
import { SaxesParser } from "saxes";
import { readMethodCall } from "../../src/xmlrpc/codec/mod.ts";
import { type DecodeOptions, XmlRpcSyntaxError } from "../../src/xmlrpc/mod.ts";

/**
 * Reads a document as a call and returns whether it is one.
 *
 * @throws {Error} if reading fails in an unexpected way, if the fast path of the decoder
 * returns something else than the plain one, or if the document is read though another strict
 * parser finds it not well-formed
 */
export function check(document: string): boolean {
  const isRead = compareDecoders(document, {});
  const isReadLeniently = compareDecoders(document, { lenient: true, methodNames: "any" });
  if (isRead && !isReadLeniently) throw new Error(`Read strictly only: ${quote(document)}`);
  if (!isReadLeniently) return false;
  try {
    new SaxesParser().write(document).close();
  } catch (error) {
    throw new Error(`Not well-formed but read (${error}): ${quote(document)}`);
  }
  return isRead;
}

/** Reads a document on both paths of the decoder and returns whether it is a call. */
function compareDecoders(document: string, options: DecodeOptions): boolean {
  const fast = readOutcome(document, options, true);
  const plain = readOutcome(document, options, false);
  try {
    assert.deepEqual(fast, plain);
  } catch (cause) {
    throw new Error(`The two decoders differ for ${quote(document)}`, { cause });
  }
  return typeof fast !== "string";
}

/** Returns the call, or the message of the error. */
function readOutcome(document: string, options: DecodeOptions, replays: boolean): unknown {
  try {
    return readMethodCall(document, options, { replays });
  } catch (error) {
    if (error instanceof XmlRpcSyntaxError) return error.message;
    throw new Error(`Unexpected ${error} for ${quote(document)}`, { cause: error });
  }
}

function quote(document: string): string {
  return JSON.stringify(document);
}

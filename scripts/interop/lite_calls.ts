/**
 * Calls of the library's client to the server of XMLRPC::Lite.
 *
 * @module
 */
import assert from "node:assert/strict";
import { XmlRpcClient, type XmlRpcFault } from "../../src/xmlrpc/mod.ts";

/** Calls the server in `lite_server.pl`. Throws if an answer is not as expected. */
export async function callLiteServer(url: string): Promise<void> {
  const client = new XmlRpcClient(url);
  for (const value of ["x\n<y>&", 5, -0.5, true, [1, ["a"]], { a: { b: "c" } }]) {
    const answer = await client.call("lite.echo", [value]);
    // Perl has no booleans.
    assert.deepEqual(answer, value === true ? 1 : value);
  }
  assert.equal(await client.call("lite.large"), 4294967296);
  const catchFault = async (method: string): Promise<[number, string, unknown]> => {
    const fault: XmlRpcFault = await client.call(method).then(
      () => assert.fail(`${method} has no fault`),
      (error) => error,
    );
    return [fault.faultCode, fault.faultString, fault.members?.["faultCode"]];
  };
  assert.deepEqual(await catchFault("lite.words"), [0, "sold out\n", "Server"]);
  // XMLRPC::Lite sends what is not ASCII in base64.
  assert.equal((await catchFault("lite.umlaut"))[1], "ausverkauft für heute\n");
  assert.deepEqual(await catchFault("lite.fault"), [0, "closed", "Client.Shop"]);
  assert.deepEqual(await catchFault("lite.number"), [42, "answer", 42]);
  const [code, words] = await catchFault("lite.nope");
  assert.equal(code, 0);
  assert.match(words, /nope/);
}

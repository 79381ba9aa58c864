/**
 * Documents that the XML-RPC benchmarks read and write.
 *
 * @module
 */
import { encodeMethodCall, encodeMethodResponse, type XmlRpcValue } from "../../src/xmlrpc/mod.ts";

/** Value to send, its document and its JSON. */
export interface Sample {
  readonly name: string;
  readonly kind: "call" | "response";
  readonly params: readonly XmlRpcValue[];
  readonly xml: string;
  readonly json: string;
}

/** Returns structs of four scalars each, about 250 bytes of XML. */
export function createRows(count: number): XmlRpcValue[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index,
    name: `Service ${index} of the bench`,
    active: index % 3 === 0,
    load: index * 1.37 + 0.25,
  }));
}

/** Returns a struct of scalars. */
function createMembers(count: number): XmlRpcValue {
  return Object.fromEntries(
    Array.from(
      { length: count },
      (_, index) => [`member${index}`, index % 2 ? index : `v${index}`],
    ),
  );
}

function encodeSample(name: string, kind: Sample["kind"], params: readonly XmlRpcValue[]): Sample {
  const xml = kind === "call"
    ? encodeMethodCall("3.sayHello", params)
    : encodeMethodResponse(params[0], { maxDepth: 64 });
  return { name, kind, params, xml, json: JSON.stringify(params) };
}

const MAKERS = new Map<string, (name: string) => Sample>([
  ["small call", (name) => encodeSample(name, "call", ["ConsumerSync", "Hello Impl"])],
  ["call of one struct", (name) => encodeSample(name, "call", [createMembers(20)])],
  ["call of 200 structs", (name) => encodeSample(name, "call", [createRows(200)])],
  ["response of 20,000 structs", (name) => encodeSample(name, "response", [createRows(20_000)])],
]);

/** Names of the samples, which have 0.3 KB, 50 KB and 5 MB. */
export const SAMPLES: readonly string[] = [...MAKERS.keys()];

/** Creates the sample with a name. */
export function createSample(name: string): Sample {
  const make = MAKERS.get(name);
  if (make === undefined) throw new Error(`Cannot create the sample ${name}: it does not exist`);
  return make(name);
}

/**
 * The documents that the benchmarks of XML-RPC read and write.
 *
 * @module
 */
import { encodeMethodCall, encodeMethodResponse, type XmlRpcValue } from "../../src/xmlrpc/mod.ts";

/** A value to send, its document and its counterpart in JSON. */
export interface Sample {
  readonly name: string;
  readonly kind: "call" | "response";
  readonly params: readonly XmlRpcValue[];
  readonly xml: string;
  readonly json: string;
}

/** As many structs as asked for, each of four scalars, about 250 bytes of XML. */
export function rows(count: number): XmlRpcValue[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index,
    name: `Service ${index} of the bench`,
    active: index % 3 === 0,
    load: index * 1.37 + 0.25,
  }));
}

function sample(name: string, kind: Sample["kind"], params: readonly XmlRpcValue[]): Sample {
  const xml = kind === "call"
    ? encodeMethodCall("3.sayHello", params)
    : encodeMethodResponse(params[0], { maxDepth: 64 });
  return { name, kind, params, xml, json: JSON.stringify(params) };
}

const MAKERS = new Map<string, (name: string) => Sample>([
  ["small call", (name) => sample(name, "call", ["ConsumerSync", "Hello Impl"])],
  ["call of 200 structs", (name) => sample(name, "call", [rows(200)])],
  ["response of 20,000 structs", (name) => sample(name, "response", [rows(20_000)])],
]);

/** Names of the samples: of 0.3 KB, 50 KB and 5 MB. */
export const SAMPLES: readonly string[] = [...MAKERS.keys()];

/** The sample of a name. */
export function sampleOf(name: string): Sample {
  const make = MAKERS.get(name);
  if (make === undefined) throw new Error(`No sample ${name}`);
  return make(name);
}

/**
 * Runs one measurement in a process of its own, so that peers do not collect each other's
 * garbage. `codec_peer.ts decode|encode PEER SAMPLE SECONDS` prints the seconds of one operation.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  decodeMethodCall,
  decodeMethodResponse,
  encodeMethodCall,
  encodeMethodResponse,
} from "../../src/xmlrpc/mod.ts";
import { createSample, type Sample } from "./documents.ts";

type Operation = () => unknown;

const LIMITS = { maxValues: Infinity };

/** Readers by name; they read bytes, as they come over the network, unless the name says otherwise. */
const DECODERS: Record<string, (sample: Sample) => Operation | Promise<Operation>> = {
  ours: ({ kind, xml }) => {
    const bytes = new TextEncoder().encode(xml);
    const decode = kind === "call" ? decodeMethodCall : decodeMethodResponse;
    return () => decode(bytes, LIMITS);
  },
  "ours, string": ({ kind, xml }) => {
    const decode = kind === "call" ? decodeMethodCall : decodeMethodResponse;
    return () => decode(xml, LIMITS);
  },
  "saxes, string": async ({ xml }) => {
    const { readWithSaxes } = await import("./saxes_reader.ts");
    return () => readWithSaxes(xml);
  },
  "xmlbuilder2, string": async ({ xml }) => {
    const { convert } = await import("xmlbuilder2");
    return () => convert(xml, { format: "object" });
  },
  "JSON.parse, string": ({ json }) => () => JSON.parse(json),
};

/** Writers by name; reading one character makes V8 join the pieces of the string. */
const ENCODERS: typeof DECODERS = {
  ours: ({ kind, params }) =>
    kind === "call"
      ? () => encodeMethodCall("3.sayHello", params).charCodeAt(0)
      : () => encodeMethodResponse(params[0]).charCodeAt(0),
  xmlbuilder2: async ({ xml }) => {
    const { convert, create } = await import("xmlbuilder2");
    const tree = convert(xml, { format: "object" });
    return () => create(tree).end().charCodeAt(0);
  },
  "JSON.stringify": ({ params }) => () => JSON.stringify(params),
};

/** Names of the peers in the order of the table, by direction. */
export const PEERS: Readonly<Record<string, readonly string[]>> = {
  decode: [...Object.keys(DECODERS), "python"],
  encode: [...Object.keys(ENCODERS), "python"],
};

/** Last result; keeps V8 from optimizing the operation away. */
export let sink: unknown;

function measure(operation: Operation, seconds: number): number {
  const start = performance.now();
  let count = 0;
  let passedMs = 0;
  for (let batch = 1; passedMs < seconds * 1000; batch = Math.min(batch * 2, 10_000)) {
    for (let index = 0; index < batch; index++) sink = operation();
    count += batch;
    passedMs = performance.now() - start;
    if (batch * 4 * passedMs / count > seconds * 1000) batch /= 2;
  }
  return passedMs / 1000 / count;
}

if (import.meta.main) {
  const [what = "", peer = "", name = "", seconds = ""] = Deno.args;
  const operation = await (what === "decode" ? DECODERS : ENCODERS)[peer]?.(createSample(name));
  if (operation === undefined) {
    throw new Error(`Cannot ${what} with the peer ${peer}: it does not exist`);
  }
  measure(operation, Number(seconds)); // warms up
  console.log(measure(operation, Number(seconds)));
}

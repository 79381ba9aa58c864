/**
 * Feeds mutated documents to the XML-RPC reader. Each must be read or refused with an
 * `XmlRpcSyntaxError`; a document that is read must be well-formed for another parser too.
 * Long documents of one repeated piece show that the time is linear.
 *
 * `deno task fuzz --seed N --seconds S` prints how to repeat a failure.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { decodeMethodCall, XmlRpcSyntaxError } from "../src/xmlrpc/mod.ts";
import { createRandom } from "./random.ts";
import { createDocument, mutate } from "./xmlrpc/mutate.ts";
import { check } from "./xmlrpc/oracle.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    seconds: { type: "string", default: "60" },
  },
});
const seed = Number(values.seed);
const random = createRandom(seed);
const end = performance.now() + Number(values.seconds) * 1000;
let [documents, read] = [0, 0];
try {
  while (performance.now() < end) {
    if (check(mutate(random, createDocument(random)))) read++;
    documents++;
  }
} catch (error) {
  console.error(`After ${documents} documents with --seed ${seed}: ${(error as Error).message}`);
  Deno.exit(1);
}
console.log(`${documents} documents, ${read} of them read, no failure (--seed ${seed})`);

/** Pieces that take quadratic time if the reader looks ahead at each of them. */
const PIECES = [
  "&",
  "&#",
  "&amp;",
  "<",
  "<!--",
  "<![CDATA[",
  "<?a ",
  "]]",
  "<value>",
  "<a b='",
  " ",
  "x",
  "<value>&lt;</value>",
  "<value><int>1</int></value>",
  "<!-- -->",
  "<a>",
  "</a>",
  "\r",
  "=a '",
  "<value><struct><member><name>a</name>",
  "<value><array><data>",
  "<value><int>",
  "é",
  "\u{1F600}",
];

function measureSeconds(piece: string, length: number): number {
  const document = "<methodCall><methodName>a</methodName><params><param><value><array><data>" +
    piece.repeat(Math.ceil(length / piece.length));
  let best = Infinity;
  for (let time = 0; time < 5; time++) {
    const start = performance.now();
    try {
      decodeMethodCall(document, { maxValues: Infinity, maxDepth: 64 });
    } catch (error) {
      if (!(error instanceof XmlRpcSyntaxError)) throw error;
    }
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

let worst = 0;
for (const piece of PIECES) {
  const [small, large] = [measureSeconds(piece, 250_000), measureSeconds(piece, 4_000_000)];
  worst = Math.max(worst, large);
  const power = Math.log(large / Math.max(small, 20e-6)) / Math.log(16);
  if (power > 1.5) {
    console.error(`Reading ${JSON.stringify(piece)} repeatedly grows with the power ${power}`);
    Deno.exit(1);
  }
}
console.log(`Documents of 4 MB of one piece: at most ${(worst * 1000).toFixed(0)} ms`);

/**
 * Creates documents for the fuzzer: valid ones, and damaged ones.
 *
 * @module
 */
import type { Random } from "../random.ts";

function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new RangeError("Cannot pick from an empty list");
  return found;
}

/** Values of every type, in the spelling of various peers. */
const VALUES = [
  "text",
  "<string>a &amp; b &#x63;</string>",
  "<string/>",
  "<int>-5</int>",
  "<i4>+007</i4>",
  "<boolean>1</boolean>",
  "<double>1.5e3</double>",
  "<double>-0.25</double>",
  "<nil/>",
  "<i8>9223372036854775807</i8>",
  "<base64>AQID\n</base64>",
  "<ex:nil/>",
  "<ex:i2>7</ex:i2>",
  "<dateTime.iso8601>20261122T10:11:12</dateTime.iso8601>",
  "<![CDATA[<&]]>x<!-- c -->y<?p i?>",
];

/** Pieces to insert into documents; each means something somewhere in XML. */
const PIECES = [
  "<",
  ">",
  "&",
  "</",
  "/>",
  "]]>",
  "<!--",
  "-->",
  "<![CDATA[",
  "<?",
  "?>",
  "<!DOCTYPE a>",
  "&lt;",
  "&nbsp;",
  "&#0;",
  "&#x110000;",
  "&#55357;",
  "\0",
  "\r",
  "\ufffe",
  "\ud800",
  "é",
  "😀",
  "<value>",
  "</value>",
  "<int>",
  "</int>",
  "<array>",
  "<data>",
  "<struct>",
  "<member>",
  "<name>__proto__</name>",
  " ",
  "\n",
  " a='1'",
  " xmlns:ex='x'",
  "-",
  "0x10",
  "true",
  "-inf",
  "4294967296",
  "<array/>",
  "NaN",
  "1e999",
];

function createValue(random: Random, depth: number): string {
  const kind = depth > 0 ? random() : 1;
  if (kind > 0.4) return `<value>${pick(random, VALUES)}</value>`;
  const count = Math.floor(random() * 4);
  const inner = () => createValue(random, depth - 1);
  if (kind > 0.2) {
    return `<value><array><data>${
      Array.from({ length: count }, inner).join("")
    }</data></array></value>`;
  }
  const struct = (offset: number) =>
    Array.from(
      { length: count },
      (_, index) => `<member><name>m${index + offset}</name>${inner()}</member>`,
    ).join("\n");
  // Two similar structs in a row: the reader expects the second to be like the first.
  return `<value><array><data><value><struct>${struct(0)}</struct></value>` +
    `<value><struct>${struct(random() < 0.2 ? 1 : 0)}</struct></value></data></array></value>`;
}

/** Creates a valid call. */
export function createDocument(random: Random): string {
  const params = Array.from(
    { length: Math.floor(random() * 3) },
    () => `<param>${createValue(random, 3)}</param>`,
  );
  const start = pick(random, [
    "",
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='utf-8'?>\n",
  ]);
  return `${start}<methodCall><methodName>a.b</methodName><params>${
    params.join("")
  }</params></methodCall>`;
}

/** Returns a document with one to three damages: pieces removed, doubled, inserted or replaced. */
export function mutate(random: Random, document: string): string {
  let text = document;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const from = Math.floor(random() * text.length);
    const to = from + Math.floor(random() ** 4 * 12);
    const piece = text.slice(from, to);
    const replacements = ["", piece + piece, pick(random, PIECES), pick(random, PIECES) + piece];
    const character = String.fromCharCode(Math.floor(random() * 0x250));
    text = text.slice(0, from) + pick(random, [...replacements, character]) + text.slice(to);
  }
  return text;
}

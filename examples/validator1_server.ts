// XML-RPC server with the eight methods of the validator1 suite, for clients in other languages.
//
//   deno run --allow-net examples/validator1_server.ts --port 8000
//
// Node 22, Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import process from "node:process";
import { parseArgs } from "node:util";
import { HttpService } from "../mod.ts";
import { createXmlRpcHandler, type XmlRpcValue } from "../src/xmlrpc/mod.ts";

type Struct = { readonly [name: string]: XmlRpcValue };

function toStruct(value: XmlRpcValue): Struct {
  const isObject = typeof value === "object" && value !== null;
  if (isObject && Object.getPrototypeOf(value) === Object.prototype) {
    return value as Struct;
  }
  throw new TypeError("expected a struct");
}

function toArray(value: XmlRpcValue): readonly XmlRpcValue[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("expected an array");
}

function toText(value: XmlRpcValue): string {
  if (typeof value === "string") return value;
  throw new TypeError("expected a string");
}

/** Returns the sum of the three stooges of a struct. */
function sumStooges(value: XmlRpcValue): number {
  const { moe, larry, curly } = toStruct(value);
  return Number(moe) + Number(larry) + Number(curly);
}

const methods = {
  "validator1.arrayOfStructsTest": (list: XmlRpcValue) =>
    toArray(list).reduce((sum: number, item) => sum + Number(toStruct(item).curly), 0),

  "validator1.countTheEntities": (value: XmlRpcValue) => {
    const count = (character: string) => toText(value).split(character).length - 1;
    return {
      ctLeftAngleBrackets: count("<"),
      ctRightAngleBrackets: count(">"),
      ctAmpersands: count("&"),
      ctApostrophes: count("'"),
      ctQuotes: count('"'),
    };
  },

  "validator1.easyStructTest": sumStooges,

  "validator1.echoStructTest": (value: XmlRpcValue) => toStruct(value),

  "validator1.manyTypesTest": (...values: XmlRpcValue[]) => values,

  "validator1.moderateSizeArrayCheck": (list: XmlRpcValue) => {
    const items = toArray(list);
    return toText(items[0]) + toText(items.at(-1));
  },

  "validator1.nestedStructTest": (calendar: XmlRpcValue) => {
    const year = toStruct(toStruct(calendar)["2000"]);
    return sumStooges(toStruct(year["04"])["01"]);
  },

  "validator1.simpleStructReturnTest": (value: XmlRpcValue) => {
    const number = Number(value);
    return { times10: number * 10, times100: number * 100, times1000: number * 1000 };
  },

  echo: (value: XmlRpcValue) => value,
};

const { values } = parseArgs({
  options: { port: { type: "string", default: "8000" }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(
    "Serves the validator1 methods and echo at /RPC2.\n\n  --port PORT  (8000, 0 for a free one)",
  );
  process.exit(0);
}
const handle = createXmlRpcHandler(methods, { integers: "i8", typedNumbers: true });
const http = new HttpService({ port: Number(values.port) });
await http.start();
http.register("/RPC2", handle);
console.log(`Listening on ${http.url}/RPC2`);

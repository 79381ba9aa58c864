/**
 * Smallest handler on saxes that returns XML-RPC values. It checks nothing.
 *
 * @module
 */
import { SaxesParser } from "saxes";

/** Returns the parameters of a call or the result of a response, unchecked. */
export function readWithSaxes(xml: string): unknown[] {
  const params: unknown[] = [];
  const open: { items?: unknown[]; members?: Record<string, unknown>; name: string }[] = [];
  let text = "";
  let type = "";
  let value: unknown;
  const parser = new SaxesParser();
  parser.on("opentag", ({ name }) => {
    text = "";
    if (name === "value") type = "";
    else if (name === "array") open.push({ items: [], name: "" });
    else if (name === "struct") open.push({ members: Object.create(null), name: "" });
    else type = name;
  });
  parser.on("text", (piece) => text += piece);
  parser.on("closetag", ({ name }) => {
    const container = open.at(-1);
    if (name === "name" && container !== undefined) container.name = text;
    else if (name === "array") value = open.pop()?.items;
    else if (name === "struct") value = open.pop()?.members;
    else if (name === "value") {
      if (type === "") value = text;
      if (container?.items !== undefined) container.items.push(value);
      else if (container?.members !== undefined) container.members[container.name] = value;
      else params.push(value);
      type = "value";
    } else value = scalar(name, text) ?? value;
  });
  parser.write(xml).close();
  return params;
}

function scalar(name: string, text: string): unknown {
  switch (name) {
    case "string":
      return text;
    case "int":
    case "double":
      return Number(text);
    case "boolean":
      return text === "1";
    default:
      return undefined;
  }
}

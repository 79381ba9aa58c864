import { toMessage, toPrintable } from "../../util/mod.ts";
import type { EndpointDescription } from "../endpoint_description.ts";
import { formatValue } from "../property_types.ts";
import { formatScalar, isScalarValue, type PropertyValue } from "../property_values.ts";
import { EDEF_NAMESPACE } from "./edef_reader.ts";
import { selectEdefType } from "./edef_values.ts";

/** The part of an xmlbuilder2 element that is used here. */
interface Builder {
  ele(namespace: string, name: string, attributes?: Record<string, string>): Builder;
  txt(text: string): Builder;
}

/**
 * Encodes endpoints in the Endpoint Description Extender Format (OSGi Compendium, 122.8), so
 * that iPOPO, ECF and Aries read it: numbers as `Long` or `Double`, lists as arrays, sets as
 * sets. Dates are written as strings in ISO 8601, bytes as strings in base64, since iPOPO
 * refuses a file with the type `byte`.
 *
 * @throws {TypeError} if a string has a character that XML cannot carry, or a name is empty
 * @example
 * ```ts
 * import { EndpointDescription, encodeEdef } from "@remote-services/etcd3";
 *
 * const endpoint = new EndpointDescription({
 *   id: "urn:greeter",
 *   interfaces: ["com.example.Greeter"],
 *   configurationTypes: ["com.example.rest"],
 * });
 * const document = await encodeEdef([endpoint]);
 * ```
 */
export async function encodeEdef(endpoints: readonly EndpointDescription[]): Promise<string> {
  // Loaded when used: most programs never write EDEF.
  const { create } = await import("xmlbuilder2");
  const document = create({ version: "1.0", encoding: "utf-8" });
  const root = document.ele(EDEF_NAMESPACE, "endpoint-descriptions");
  for (const endpoint of endpoints) {
    const description = root.ele(EDEF_NAMESPACE, "endpoint-description");
    for (const [name, value] of endpoint.properties) {
      try {
        writeProperty(description, name, value);
      } catch (cause) {
        throw createWriteError(endpoint, name, cause);
      }
    }
  }
  const text = root.doc().end({ prettyPrint: true, indent: "\t", spaceBeforeSlash: true });
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x01-\x03]/g, (character) => REFERENCES.get(character) ?? "");
}

function writeProperty(description: Builder, name: string, value: PropertyValue): void {
  if (name.trim() === "") throw new TypeError("it has no name");
  const written = value instanceof Uint8Array ? formatValue(value) : value;
  const isList = !isScalarValue(written);
  const items = isList ? [...written] : [written];
  const attributes = { name: hideSpace(name), "value-type": selectEdefType(name, items) };
  if (!isList) {
    const text = hideSpace(formatScalar(written));
    description.ele(EDEF_NAMESPACE, "property", { ...attributes, value: text });
    return;
  }
  const property = description.ele(EDEF_NAMESPACE, "property", attributes);
  const list = property.ele(EDEF_NAMESPACE, value instanceof Set ? "set" : "array");
  for (const item of items) list.ele(EDEF_NAMESPACE, "value").txt(hideSpace(formatScalar(item)));
}

/**
 * References of white space that attributes would lose, by characters that stand in for them
 * until the document is written. XML cannot carry these characters, so no property has them.
 */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ["\x01", "&#9;"],
  ["\x02", "&#10;"],
  ["\x03", "&#13;"],
]);
const STAND_INS: Readonly<Record<string, string>> = { "\t": "\x01", "\n": "\x02", "\r": "\x03" };

function hideSpace(text: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed()) {
    throw new TypeError(`XML cannot carry ${JSON.stringify(text.slice(0, 40))}`);
  }
  return text.replace(/[\t\n\r]/g, (character) => STAND_INS[character] ?? "");
}

function createWriteError({ id }: EndpointDescription, name: string, cause: unknown): TypeError {
  return new TypeError(
    `Cannot write the property ${JSON.stringify(name)} of the endpoint ${toPrintable(id)}: ` +
      `${toMessage(cause)}; leave it out, or encode it in base64`,
    { cause },
  );
}

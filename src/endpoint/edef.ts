import { builder, create } from "xmlbuilder2";
import { messageOf } from "../util/mod.ts";
import { faultOf } from "./edef_structure.ts";
import { isType, parseValue, typeOf } from "./edef_values.ts";
import { OSGI } from "./property_names.ts";
import type { EndpointDescription, PropertyValue, ScalarValue } from "./endpoint_description.ts";
import { endpointOf } from "./endpoint_properties.ts";

/** Namespace of the elements. */
const NAMESPACE = "http://www.osgi.org/xmlns/rsa/v1.0.0";

/** Limits of a document. */
export interface EdefOptions {
  /** Longest document, in UTF-16 units. @default 1048576 */
  readonly maxLength?: number;
  /** Deepest nesting of elements. @default 32 */
  readonly maxDepth?: number;
}

/** An endpoint description file that can't be read. */
export class EdefError extends SyntaxError {
  /** Always `EdefError`. */
  override readonly name = "EdefError";
}

/** The parts of a DOM node that are needed here. */
interface XmlNode {
  readonly nodeType: number;
  readonly localName?: string;
  readonly namespaceURI?: string | null;
  readonly childNodes: Iterable<XmlNode>;
  readonly textContent: string | null;
  getAttribute?(name: string): string | null;
}

/**
 * Writes endpoints in the Endpoint Description Extender Format (OSGi Compendium, 122.8),
 * so that iPOPO, ECF and Aries read it: values with their types, lists as arrays.
 * Binary values have no type there and are left out, as are empty lists.
 *
 * @throws {TypeError} when a text has a character that XML can't carry.
 */
export function encodeEdef(endpoints: readonly EndpointDescription[]): string {
  const document = create({ version: "1.0", encoding: "utf-8" });
  const root = document.ele(NAMESPACE, "endpoint-descriptions");
  for (const endpoint of endpoints) {
    const description = root.ele(NAMESPACE, "endpoint-description");
    for (const [name, value] of writtenProperties(endpoint)) {
      if (value instanceof Uint8Array) continue;
      const values: readonly ScalarValue[] = isList(value) ? value : [value];
      if (values.length === 0) continue;
      const attributes = { name: hidden(name), "value-type": typeOf(name, values) };
      if (!isList(value)) {
        description.ele(NAMESPACE, "property", { ...attributes, value: hidden(String(value)) });
        continue;
      }
      const array = description.ele(NAMESPACE, "property", attributes).ele(NAMESPACE, "array");
      for (const item of values) array.ele(NAMESPACE, "value").txt(hidden(String(item)));
    }
  }
  const text = root.doc().end({ prettyPrint: true, indent: "\t", spaceBeforeSlash: true });
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x01-\x03]/g, (character) => HIDDEN.get(character) ?? "");
}

/**
 * Reads the endpoints of an Endpoint Description Extender Format document (122.8).
 * Elements of other namespaces are skipped.
 *
 * @throws {EdefError} when it is no such document, too long or too deep, has a DOCTYPE,
 * or a value that does not fit its type.
 * @throws {TypeError} naming the property that an endpoint lacks.
 */
export function decodeEdef(text: string, options: EdefOptions = {}): EndpointDescription[] {
  const { maxLength = 1024 * 1024, maxDepth = 32 } = options;
  if (text.length > maxLength) {
    throw new EdefError(
      `Cannot read an EDEF document of ${text.length} characters: ${maxLength} at most`,
    );
  }
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const fault = faultOf(plain, maxDepth);
  if (fault !== undefined) throw new EdefError(`Cannot read the EDEF document: it has ${fault}`);
  const root = rootOf(plain);
  if (!isElement(root, "endpoint-descriptions")) {
    throw new EdefError(
      `Cannot read the EDEF document: its root is no endpoint-descriptions of ${NAMESPACE}`,
    );
  }
  return elements(root, "endpoint-description").map((description) =>
    endpointOf(new Map(elements(description, "property").map(propertyOf)))
  );
}

function rootOf(text: string): XmlNode {
  try {
    return create({ skipWhitespaceOnlyText: false }, text).root().node as XmlNode;
  } catch (cause) {
    throw new EdefError(`Cannot read the EDEF document: ${messageOf(cause)}`, { cause });
  }
}

/** The properties as they stand in a file: also what says that the service is imported. */
function writtenProperties(endpoint: EndpointDescription): ReadonlyMap<string, PropertyValue> {
  return new Map([...endpoint.properties, [OSGI.imported, "true"]]);
}

function propertyOf(property: XmlNode): [name: string, value: PropertyValue] {
  const name = property.getAttribute?.("name");
  if (!name) throw new EdefError("Cannot read a property of the EDEF document: it has no name");
  const type = property.getAttribute?.("value-type") ?? "String";
  if (!isType(type)) throw new EdefError(`Cannot read the property ${name}: no type ${type}`);
  const value = property.getAttribute?.("value") ?? undefined;
  const children = ["array", "list", "set", "xml"].flatMap((kind) => elements(property, kind));
  const [child] = children;
  if (children.length > 1 || (child !== undefined && value !== undefined)) {
    throw new EdefError(`Cannot read the property ${name}: it has more than one value`);
  }
  if (child === undefined) return [name, scalar(name, type, value ?? property.textContent ?? "")];
  if (child.localName === "xml") return [name, xmlOf(name, child)];
  const items = elements(child, "value").map((item) => scalar(name, type, item.textContent ?? ""));
  return [name, child.localName === "set" ? [...new Set(items)] : items];
}

function scalar(name: string, type: string, text: string): ScalarValue {
  const value = parseValue(type, text);
  if (value !== undefined) return value;
  throw new EdefError(
    `Cannot read ${JSON.stringify(text.slice(0, 40))} as ${type}, the property ${name}`,
  );
}

/** The element inside `xml`, as text. */
function xmlOf(name: string, xml: XmlNode): string {
  const inside = [...xml.childNodes].filter(({ nodeType }) => nodeType === 1);
  const [element] = inside;
  if (element === undefined || inside.length > 1) {
    throw new EdefError(`Cannot read the property ${name}: xml must hold one element`);
  }
  return builder(element as unknown as ReturnType<typeof create>["node"]).toString();
}

function elements(parent: XmlNode, name: string): XmlNode[] {
  return [...parent.childNodes].filter((node) => isElement(node, name));
}

function isElement(node: XmlNode, name: string): boolean {
  return node.nodeType === 1 && node.localName === name && node.namespaceURI === NAMESPACE;
}

function isList(value: PropertyValue): value is readonly ScalarValue[] {
  return Array.isArray(value);
}

/**
 * Stand-ins for white space that attributes would lose, replaced by references after
 * the document is written. XML can't carry them, so that they can't be meant.
 */
const HIDDEN: ReadonlyMap<string, string> = new Map([
  ["\x01", "&#9;"],
  ["\x02", "&#10;"],
  ["\x03", "&#13;"],
]);
const STAND_INS: Readonly<Record<string, string>> = { "\t": "\x01", "\n": "\x02", "\r": "\x03" };

function hidden(text: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed()) {
    throw new TypeError(`Cannot write ${JSON.stringify(text.slice(0, 40))}: XML can't carry it`);
  }
  return text.replace(/[\t\n\r]/g, (character) => STAND_INS[character] ?? "");
}

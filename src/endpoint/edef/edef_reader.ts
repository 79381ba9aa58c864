import { decodeXmlBytes, parseXml, type XmlElement, XmlSyntaxError } from "../../xml/mod.ts";
import { toMessage } from "../../util/mod.ts";
import type { EndpointDescription } from "../endpoint_description.ts";
import { parseEndpoint } from "../endpoint_properties.ts";
import type { PropertyValue, ScalarValue } from "../property_values.ts";
import { EdefError } from "./edef_error.ts";
import { isEdefType, parseEdefValue } from "./edef_values.ts";

/** Namespace of the elements. */
export const EDEF_NAMESPACE = "http://www.osgi.org/xmlns/rsa/v1.0.0";

/** Limits of a document, and what happens with descriptions that cannot be read. */
export interface DecodeEdefOptions {
  /** Maximum length in bytes, or in UTF-16 units of a string. @default 1048576 */
  readonly maxLength?: number;
  /** Maximum nesting of elements. @default 32 */
  readonly maxDepth?: number;
  /**
   * Receives the error of each description that cannot be read; the others are returned.
   * @default the function throws, and the error has the others as `endpoints`
   */
  readonly onError?: (error: EdefError) => void;
}

/**
 * Decodes the endpoints of a document in the Endpoint Description Extender Format (OSGi
 * Compendium, 122.8). Bytes are decoded as the XML declaration says. Elements of other
 * namespaces are skipped; the descriptions may stand inside a larger document.
 *
 * @throws {EdefError} if the document is not EDEF, exceeds a limit or has a DOCTYPE; without
 * `onError` also if a description cannot be read
 * @example
 * ```ts
 * import { decodeEdef } from "@remote-services/etcd3";
 *
 * const endpoints = decodeEdef(
 *   `<endpoint-descriptions xmlns="http://www.osgi.org/xmlns/rsa/v1.0.0">
 *     <endpoint-description>
 *       <property name="endpoint.id" value="http://example.com/greeter"/>
 *       <property name="objectClass"><array><value>com.example.Greeter</value></array></property>
 *       <property name="service.imported.configs" value="com.example.rest"/>
 *     </endpoint-description>
 *   </endpoint-descriptions>`,
 *   { onError: (error) => console.warn(error.message) },
 * );
 * console.log(endpoints[0]?.id); // http://example.com/greeter
 * ```
 */
export function decodeEdef(
  document: string | Uint8Array,
  options: DecodeEdefOptions = {},
): EndpointDescription[] {
  const endpoints: EndpointDescription[] = [];
  const errors: EdefError[] = [];
  for (const description of readDescriptions(document, options)) {
    try {
      endpoints.push(readDescription(description));
    } catch (cause) {
      const id = description.children.find(({ attributes }) =>
        attributes.get("name")?.trim().toLowerCase() === "endpoint.id"
      )?.attributes.get("value");
      const label = id === undefined ? "an endpoint description" : `the endpoint ${id.trim()}`;
      const { line } = description;
      const message = `Cannot read ${label} (line ${line}): ${toMessage(cause)}`;
      errors.push(new EdefError(message, { cause, line }));
    }
  }
  for (const error of errors) options.onError?.(error);
  const [first] = errors;
  if (first === undefined || options.onError !== undefined) return endpoints;
  throw new EdefError(first.message, { cause: first.cause, line: first.line, endpoints, errors });
}

function readDescriptions(
  document: string | Uint8Array,
  { maxLength = 1024 * 1024, maxDepth = 32 }: DecodeEdefOptions,
): XmlElement[] {
  if (document.length > maxLength) {
    const message = `Cannot read an EDEF document of length ${document.length}`;
    throw new EdefError(`${message}: ${maxLength} at most`);
  }
  const root = readRoot(document, maxDepth);
  const lists = findLists(root);
  if (lists.length > 0) return lists.flatMap((list) => findChildren(list, "endpoint-description"));
  throw new EdefError(
    `Cannot read the EDEF document: it has no element endpoint-descriptions of ${EDEF_NAMESPACE}`,
  );
}

function readRoot(document: string | Uint8Array, maxDepth: number): XmlElement {
  try {
    return parseXml(decodeXmlBytes(document), { maxDepth });
  } catch (cause) {
    if (!(cause instanceof XmlSyntaxError)) throw cause;
    const { line } = cause;
    throw new EdefError(`Cannot read the EDEF document: ${cause.message}`, { cause, line });
  }
}

/** Returns the lists of descriptions in an element, at any depth. */
function findLists(element: XmlElement): XmlElement[] {
  if (isEdefElement(element, "endpoint-descriptions")) return [element];
  return element.children.flatMap(findLists);
}

function readDescription(description: XmlElement): EndpointDescription {
  const properties = new Map<string, PropertyValue>();
  for (const property of findChildren(description, "property")) {
    const [name, value] = readProperty(property);
    if (properties.has(name)) throw new EdefError(`it has the property ${name} twice`);
    properties.set(name, value);
  }
  return parseEndpoint(properties);
}

function readProperty(property: XmlElement): [name: string, value: PropertyValue] {
  const name = property.attributes.get("name")?.trim();
  if (!name) throw new EdefError("a property has no name");
  const type = property.attributes.get("value-type")?.trim() ?? "String";
  if (!isEdefType(type)) throw new EdefError(`the property ${name} has no type ${type}`);
  const value = property.attributes.get("value");
  const kinds = ["array", "list", "set", "xml"];
  const children = kinds.flatMap((kind) => findChildren(property, kind));
  const [child] = children;
  if (children.length > 1 || (child !== undefined && value !== undefined)) {
    throw new EdefError(`the property ${name} has more than one value`);
  }
  if (child !== undefined) return [name, readChild(name, type, child)];
  const text = value ?? property.text;
  if (value === undefined && text.trim() === "") {
    throw new EdefError(`the property ${name} has no value`);
  }
  return [name, parseScalar(name, type, text)];
}

function readChild(name: string, type: string, child: XmlElement): PropertyValue {
  if (child.localName === "xml") return readXml(name, type, child);
  const texts = findChildren(child, "value").map(({ text }) => text);
  const items = texts.map((text) => parseScalar(name, type, text));
  if (child.localName === "set") return new Set(items);
  // Java's byte[]; a Byte[] is a list of numbers.
  return child.localName === "array" && type === "byte" ? Uint8Array.from(items, Number) : items;
}

function parseScalar(name: string, type: string, text: string): ScalarValue {
  const value = parseEdefValue(type, text);
  if (value !== undefined) return value;
  throw new EdefError(`the property ${name} has ${JSON.stringify(text.slice(0, 40))} as ${type}`);
}

/** Returns the element inside `xml` as it stands in the document. */
function readXml(name: string, type: string, { children }: XmlElement): string {
  const [element] = children;
  if (type !== "String") throw new EdefError(`the property ${name} has xml as ${type}`);
  if (element !== undefined && children.length === 1) return element.toSource();
  throw new EdefError(`the property ${name} has not one element in xml`);
}

function findChildren({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => isEdefElement(child, name));
}

function isEdefElement({ localName, namespace }: XmlElement, name: string): boolean {
  return localName === name && namespace === EDEF_NAMESPACE;
}

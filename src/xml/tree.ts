import { XmlReader } from "./reader.ts";
import { createTag } from "./tag.ts";

/** An element with its namespace, attributes and content. */
export interface XmlElement {
  /** Name without prefix. */
  readonly localName: string;
  /** Namespace, `undefined` for none. */
  readonly namespace: string | undefined;
  /** Values of the attributes, by their names as written. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Child elements in document order. */
  readonly children: readonly XmlElement[];
  /** Text directly inside the element, joined. */
  readonly text: string;
  /** Line of the start tag, from 1. */
  readonly line: number;
  /**
   * Returns the element as it stands in the document. Declarations of prefixes that it uses
   * and that stand further out are added, so that it can be read alone.
   */
  readonly toSource: () => string;
}

/** Limits of {@link parseXml}. */
export interface ParseXmlOptions {
  /** Maximum nesting of elements. @default 32 */
  readonly maxDepth?: number;
}

/** Namespace declarations of an element; those of its parents apply behind them. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly parent: Scope | undefined;
}

const XML_SCOPE: Scope = {
  declared: new Map([["xml", "http://www.w3.org/XML/1998/namespace"]]),
  parent: undefined,
};

/**
 * Reads a small document, such as a configuration file, into a tree. Prefixes are resolved.
 *
 * @returns the root element
 * @throws {XmlSyntaxError} if it is not well-formed, has a DOCTYPE or is nested too deeply
 * @example
 * ```ts
 * import { parseXml } from "./mod.ts";
 *
 * const root = parseXml("<x:a xmlns:x='urn:x'>hello</x:a>");
 * console.log(root.namespace, root.localName, root.text); // urn:x a hello
 * ```
 */
export function parseXml(text: string, { maxDepth = 32 }: ParseXmlOptions = {}): XmlElement {
  return new TreeReader(text, maxDepth).read();
}

class TreeReader {
  readonly #xml: XmlReader;
  readonly #maxDepth: number;
  /** Attributes of the tag that is read. */
  #attributes = new Map<string, string>();
  #line = 1;
  #lineOffset = 0;

  constructor(text: string, maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#xml = new XmlReader(text, { attributeListener: this });
  }

  onAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  read(): XmlElement {
    this.#xml.skipMisc();
    if (!this.#xml.isTag) throw this.#xml.createError("Cannot find the root element", "a tag");
    const root = this.#readElement(XML_SCOPE, 1);
    this.#xml.checkEnd();
    return root;
  }

  #readElement(parent: Scope, depth: number): XmlElement {
    const xml = this.#xml;
    const from = xml.offset;
    if (depth > this.#maxDepth) {
      const expected = `${this.#maxDepth} levels at most`;
      throw xml.createError("Cannot read elements nested so deeply", expected, "unexpected");
    }
    const line = this.#countLines(from);
    this.#attributes = new Map();
    const name = xml.openElement();
    if (name === undefined) throw xml.createError("Cannot read a tag", "a start tag");
    const attributes = this.#attributes;
    const scope = { declared: findDeclarations(attributes), parent };
    const [prefix, localName] = splitName(name);
    const namespace = findNamespace(scope, prefix);
    if (prefix !== "" && namespace === undefined) {
      const expected = `a declaration of xmlns:${prefix}`;
      throw xml.createError(`Cannot read the prefix ${prefix}`, expected, undefined, from);
    }
    const { children, text } = this.#readContent(scope, depth);
    xml.closeElement(createTag(name));
    const to = xml.offset;
    return {
      localName,
      namespace: namespace || undefined,
      attributes,
      children,
      text,
      line,
      toSource: () => declarePrefixes(xml.slice(from, to), name, scope),
    };
  }

  #readContent(scope: Scope, depth: number): Pick<XmlElement, "children" | "text"> {
    const xml = this.#xml;
    const children: XmlElement[] = [];
    let text = "";
    while (true) {
      text += xml.readText();
      if (xml.isClosing || xml.isAtEnd || !xml.isTag) return { children, text };
      children.push(this.#readElement(scope, depth + 1));
    }
  }

  /** Returns the line of an offset that is not before the last one asked for. */
  #countLines(offset: number): number {
    this.#line += this.#xml.slice(this.#lineOffset, offset).split("\n").length - 1;
    this.#lineOffset = offset;
    return this.#line;
  }
}

function splitName(name: string): [prefix: string, localName: string] {
  const colon = name.indexOf(":");
  return [name.slice(0, Math.max(colon, 0)), name.slice(colon + 1)];
}

function findDeclarations(attributes: ReadonlyMap<string, string>): Map<string, string> {
  const declared = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (name === "xmlns") declared.set("", value);
    else if (name.startsWith("xmlns:")) declared.set(name.slice("xmlns:".length), value);
  }
  return declared;
}

function findNamespace(scope: Scope | undefined, prefix: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const namespace = at.declared.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  return undefined;
}

/** Adds to the start tag of an element the declarations of prefixes that it uses. */
function declarePrefixes(source: string, name: string, scope: Scope): string {
  const used = new Set(
    [...source.matchAll(/[<\s]([^\s<>:/="']+):[^\s<>:/=]/g)].map(([, prefix]) => prefix ?? ""),
  );
  let declarations = "";
  for (const prefix of used) {
    const namespace = findNamespace(scope.parent, prefix);
    const isNeeded = namespace !== undefined && prefix !== "xml" && !scope.declared.has(prefix);
    if (isNeeded) declarations += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
  }
  const at = 1 + name.length;
  return source.slice(0, at) + declarations + source.slice(at);
}

function escapeAttribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

import type { XmlReader } from "../../xml/mod.ts";
import {
  defineMember,
  type Scalar,
  type ScalarOptions,
  type Struct,
  type XmlRpcValue,
} from "./values/mod.ts";

/** How a value was written. What stands before the content of a scalar is its literal. */
type Form =
  | { readonly kind: "scalar"; readonly literal: string; readonly scalar: Scalar }
  | { readonly kind: "empty"; readonly scalar: Scalar }
  | StructForm;

interface StructForm {
  readonly kind: "struct";
  readonly names: string[];
  readonly members: Form[];
}

/**
 * Layout of a document: its characters around the contents of scalars. Another document with the
 * same characters means the same but for these contents, so that each stretch between two of them
 * is compared as one string, and nothing in it is read again.
 */
export class Layout {
  readonly #values: readonly Form[];
  readonly #end: string;

  /**
   * Creates a layout.
   *
   * @param values forms of the values in their order
   * @param end characters after the last content
   */
  constructor(values: readonly Form[], end: string) {
    this.#values = values;
    this.#end = end;
  }

  /**
   * Reads the values of a document up to its end; `undefined` and back at the same place if it has
   * another layout or an invalid scalar.
   */
  read(xml: XmlReader, options: ScalarOptions): XmlRpcValue[] | undefined {
    const from = xml.offset;
    const values: XmlRpcValue[] = [];
    for (const form of this.#values) {
      const value = readForm(form, xml, options);
      if (value === undefined) break;
      values.push(value);
    }
    if (values.length === this.#values.length && xml.takeRest(this.#end)) return values;
    xml.rewind(from);
    return undefined;
  }
}

function readForm(form: Form, xml: XmlReader, options: ScalarOptions): XmlRpcValue | undefined {
  if (form.kind === "struct") return readStruct(form, xml, options);
  if (form.kind === "empty") return form.scalar.parse("", options);
  return xml.take(form.literal) ? form.scalar.parse(xml.readText(), options) : undefined;
}

function readStruct(
  { names, members }: StructForm,
  xml: XmlReader,
  options: ScalarOptions,
): XmlRpcValue | undefined {
  const struct: Struct = {};
  for (let index = 0; index < members.length; index++) {
    const form = members[index];
    const name = names[index];
    if (form === undefined || name === undefined) return undefined;
    const value = readForm(form, xml, options);
    if (value === undefined) return undefined;
    defineMember(struct, name, value);
  }
  return struct;
}

/** Records the layout of a document while the plain decoder reads it. */
export class LayoutRecorder {
  readonly #xml: XmlReader;
  /** Structs that are open, within the list of all values. */
  readonly #open: StructForm[] = [{ kind: "struct", names: [], members: [] }];
  /** End of the last content. */
  #to: number;
  #hasArray = false;

  /** Begins at the current place of a reader. */
  constructor(xml: XmlReader) {
    this.#xml = xml;
    this.#to = xml.offset;
  }

  /** Records a scalar and where its content is. */
  addScalar(scalar: Scalar, from: number, to: number): void {
    const literal = this.#xml.slice(this.#to, from);
    if (literal.endsWith("/>")) return this.#add({ kind: "empty", scalar }); // it has no content
    this.#to = to;
    this.#add({ kind: "scalar", literal, scalar });
  }

  /** Records an array: their lengths differ, so that the next document has another layout. */
  addArray(): void {
    this.#hasArray = true;
  }

  /** Records that a struct begins. */
  openStruct(): void {
    this.#open.push({ kind: "struct", names: [], members: [] });
  }

  /** Records the name of the next value. */
  addName(name: string): void {
    this.#open.at(-1)?.names.push(name);
  }

  /** Records that the struct ends. */
  closeStruct(): void {
    const struct = this.#open.pop();
    if (struct !== undefined) this.#add(struct);
  }

  /** Returns the layout of a document that was read to its end; `undefined` if it has an array. */
  finish(): Layout | undefined {
    const [values] = this.#open;
    if (this.#hasArray || values === undefined) return undefined;
    return new Layout(values.members, this.#xml.slice(this.#to, this.#xml.offset));
  }

  #add(form: Form): void {
    this.#open.at(-1)?.members.push(form);
  }
}

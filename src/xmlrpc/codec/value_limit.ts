import type { XmlReader } from "../../xml/mod.ts";
import { createInvalidError } from "./grammar.ts";

const MAX_VALUES = 100_000;

/** Counts the values of a document and refuses too many. */
export class ValueLimit {
  readonly #xml: XmlReader;
  readonly #maxValues: number;
  #left: number;

  /** Allows 100,000 values unless another number is given. */
  constructor(xml: XmlReader, maxValues = MAX_VALUES) {
    this.#xml = xml;
    this.#maxValues = maxValues;
    this.#left = maxValues;
  }

  /** Counts a value. */
  count(): void {
    if (--this.#left >= 0) return;
    const expected = `${this.#maxValues} at most`;
    throw createInvalidError(this.#xml, "Cannot read so many values", expected);
  }
}

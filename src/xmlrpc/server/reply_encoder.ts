import {
  type Dialect,
  type EncodeOptions,
  type IntegerForm,
  writeMethodResponse,
} from "../codec/mod.ts";

/** Options of a {@link ReplyEncoder}. */
export interface ReplyEncoderOptions extends Omit<EncodeOptions, "dialect" | "integers"> {
  /** Form of whole numbers beyond 32 bits; a function returns it for each method. */
  readonly integers?: IntegerForm | ((methodName: string) => IntegerForm);
}

/** Encodes results in the dialect of the request and the form of numbers of the method. */
export class ReplyEncoder {
  readonly #integers: IntegerForm | ((methodName: string) => IntegerForm);
  readonly #options: Readonly<Record<Dialect, Readonly<Record<IntegerForm, EncodeOptions>>>>;

  /** Creates the options of each dialect and form of numbers. */
  constructor({ integers = "strict", ...options }: ReplyEncoderOptions) {
    this.#integers = integers;
    const create = (dialect: Dialect) => ({
      strict: { ...options, dialect, integers: "strict" as const },
      double: { ...options, dialect, integers: "double" as const },
      i8: { ...options, dialect, integers: "i8" as const },
    });
    this.#options = { plain: create("plain"), apache: create("apache") };
  }

  /**
   * Encodes a result.
   *
   * @throws {XmlRpcValueError} if it can't be sent
   */
  encode(result: unknown, methodName: string, dialect: Dialect): string {
    const integers = typeof this.#integers === "function"
      ? this.#integers(methodName)
      : this.#integers;
    return writeMethodResponse(result, this.#options[dialect][integers]);
  }

  /**
   * Checks that a result can be sent, whatever its method.
   *
   * @throws {XmlRpcValueError} if it can't
   */
  check(result: unknown): void {
    this.encode(result, "", "plain");
  }
}

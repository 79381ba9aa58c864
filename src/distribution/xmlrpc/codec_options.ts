import type { IntegerForm, XmlRpcClientOptions } from "../../xmlrpc/mod.ts";

/** How values are read and written, and how large a document may be. */
export type XmlRpcCodecOptions = Pick<
  XmlRpcClientOptions,
  | "allowNil"
  | "dateTimeAs"
  | "i8As"
  | "integers"
  | "lenient"
  | "maxDepth"
  | "maxValues"
  | "methodNames"
  | "timeZone"
  | "typedNumbers"
>;

/** Names of the {@link XmlRpcCodecOptions}. */
export const CODEC_NAMES: Readonly<Record<keyof XmlRpcCodecOptions, true>> = {
  allowNil: true,
  dateTimeAs: true,
  i8As: true,
  integers: true,
  lenient: true,
  maxDepth: true,
  maxValues: true,
  methodNames: true,
  timeZone: true,
  typedNumbers: true,
};

/**
 * Checks the form of whole numbers beyond 32 bits.
 *
 * @throws {TypeError} if there is no such form
 */
export function checkIntegers(integers: unknown): IntegerForm | undefined {
  if (integers === undefined) return undefined;
  if (integers === "strict" || integers === "double" || integers === "i8") return integers;
  throw new TypeError(
    `Cannot use integers ${JSON.stringify(integers)}: give "strict", "double" or "i8"`,
  );
}

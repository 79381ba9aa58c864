import type { XmlRpcClientOptions } from "../../xmlrpc/mod.ts";

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

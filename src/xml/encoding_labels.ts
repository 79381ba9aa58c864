/** Encodings that are decoded by hand; others by `TextDecoder`. */
export type HandDecoded = "ascii" | "latin1";

/** Names without separators that `TextDecoder` lacks or decodes as windows-1252. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...[
    ...["ascii", "usascii", "us", "646", "iso646us", "iso646irv1991", "isoir6", "csascii"],
    ...["ansix341968", "ansix341986", "cp367", "ibm367"],
  ].map((alias) => [alias, "ascii"] as const),
  ...[
    ...["latin1", "latin", "l1", "iso88591", "iso885911987", "iso8859", "8859", "88591"],
    ...["isoir100", "csisolatin1", "cp819", "ibm819", "819"],
  ].map((alias) => [alias, "latin1"] as const),
  ...["u8", "utf", "utf8ucs2", "utf8ucs4", "utf8sig", "cp65001"].map((alias) =>
    [alias, "utf-8"] as const
  ),
  // Without a byte order mark UTF-16 is big-endian, RFC 2781.
  ...["utf16", "u16", "utf16be", "unicodebigunmarked", "csunicode", "ucs2", "iso10646ucs2"]
    .map((alias) => [alias, "utf-16be"] as const),
  ...["utf16le", "unicodelittleunmarked"].map((alias) => [alias, "utf-16le"] as const),
  ...["l2:2", "l3:3", "l4:4", "l5:9", "l6:10", "l7:13", "l8:14", "l9:15", "l10:16"]
    .map((pair) => pair.split(":"))
    .flatMap(([short = "", part]) =>
      [short, short.replace("l", "latin")].map((alias) => [alias, `iso-8859-${part}`] as const)
    ),
  ...["936", "cp936", "ms936"].map((alias) => [alias, "gbk"] as const),
  ...["eucgb2312cn", "gb231280", "gb23121980", "euccn"].map((alias) => [alias, "gbk"] as const),
  ...["950", "cp950", "ms950", "big5tw"].map((alias) => [alias, "big5"] as const),
  ...["932", "cp932", "ms932", "mskanji", "sjis", "shiftjis", "windows31j"]
    .map((alias) => [alias, "shift_jis"] as const),
  ...["eucjp", "ujis"].map((alias) => [alias, "euc-jp"] as const),
  ...["949", "cp949", "ms949", "uhc", "euckr", "ksx1001", "ksc5601"]
    .map((alias) => [alias, "euc-kr"] as const),
  ["iso2022jp", "iso-2022-jp"],
  ["gb180302000", "gb18030"],
  ["866", "ibm866"],
  ["macroman", "macintosh"],
  ["maccyrillic", "x-mac-cyrillic"],
  ...["874", "cp874", "tis620", "tis6200", "tis62025290", "tis62025291", "isoir166", "thai"]
    .map((alias) => [alias, "windows-874"] as const),
]);

/** Encodings in which ASCII bytes mean other characters, so that they must not be guessed. */
const NEVER =
  /^(?:x?unicode(?:11|20)?utf7|csutf7|csunicode11utf7|utf7(?:imap)?|imap4?utf7|u7|hz.*)$/;

/**
 * Returns the name of an encoding as `TextDecoder` knows it, or `ascii` or `latin1`;
 * `undefined` if it is unknown. Reads the labels of the WHATWG and Python's aliases.
 */
export function parseEncodingLabel(label: string): string | undefined {
  const name = label.trim().toLowerCase();
  const compact = compactLabel(name);
  const alias = ALIASES.get(compact);
  if (alias !== undefined) return alias;
  const [, windows] = /^(?:cp|windows|ms)?(125[0-8])$/.exec(compact) ?? [];
  const [, part] = /^(?:iso)?8859(\d{1,2})(?:e|i|\d{4})?$/.exec(compact) ?? [];
  const candidates = [
    name,
    windows && `windows-${windows}`,
    part && `iso-8859-${part}`,
    name.replaceAll("_", "-"),
    compact,
  ];
  return candidates.find((candidate) => candidate && isKnownToTextDecoder(candidate));
}

/** Whether documents that claim the encoding are refused even if all their bytes are ASCII. */
export function isNeverRead(label: string): boolean {
  return NEVER.test(compactLabel(label.trim().toLowerCase()));
}

function compactLabel(label: string): string {
  return label.replace(/[^a-z0-9]/g, "");
}

function isKnownToTextDecoder(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false; // a RangeError: the label is not one of the WHATWG's
  }
}

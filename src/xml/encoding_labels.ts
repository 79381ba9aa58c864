/** Names of encodings without separators that `TextDecoder` lacks or decodes as windows-1252. */
const NAMES: Readonly<Record<string, string>> = {
  ascii: "ascii usascii us 646 iso646us iso646irv1991 isoir6 csascii ansix341968 ansix341986 " +
    "cp367 ibm367",
  latin1: "latin1 latin l1 iso88591 iso885911987 iso8859 8859 88591 isoir100 csisolatin1 cp819 " +
    "ibm819 819",
  "utf-8": "u8 utf utf8ucs2 utf8ucs4 utf8sig cp65001",
  // Without a byte order mark UTF-16 is big-endian, RFC 2781.
  "utf-16be": "utf16 u16 utf16be unicodebigunmarked csunicode ucs2 iso10646ucs2",
  "utf-16le": "utf16le unicodelittleunmarked",
  "iso-8859-2": "l2 latin2",
  "iso-8859-3": "l3 latin3",
  "iso-8859-4": "l4 latin4",
  "iso-8859-7": "elot928",
  "iso-8859-9": "l5 latin5",
  "iso-8859-10": "l6 latin6",
  "iso-8859-13": "l7 latin7",
  "iso-8859-14": "l8 latin8 isoceltic isoir199",
  "iso-8859-15": "l9 latin9",
  "iso-8859-16": "l10 latin10 isoir226",
  gbk: "936 cp936 ms936 eucgb2312cn gb231280 gb23121980 euccn xmacsimpchinese",
  big5: "950 cp950 ms950 big5tw big5hkscs hkscs xmactradchinese",
  shift_jis: "932 cp932 ms932 mskanji sjis shiftjis windows31j xmacjapanese",
  "euc-jp": "eucjp ujis",
  "euc-kr": "949 cp949 ms949 uhc euckr ksx1001 ksc5601 ksc56011987 xmackorean",
  "iso-2022-jp": "iso2022jp",
  gb18030: "gb180302000",
  ibm866: "866",
  macintosh: "macroman",
  "x-mac-cyrillic": "maccyrillic",
  "windows-874": "874 cp874 tis620 tis6200 tis62025290 tis62025291 isoir166 thai",
};

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([encoding, aliases]) =>
    aliases.split(" ").map((alias) => [alias, encoding] as const)
  ),
);

/** Encodings in which ASCII bytes mean other characters, so that they must not be guessed. */
const NEVER = /^(?:x?unicode(?:11|20)?utf7|csutf7|csunicode11utf7|utf7(?:imap)?|imap4?utf7|u7)$/;

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

/**
 * Returns the ASCII byte that begins other characters in an encoding: the escape of iso-2022,
 * and the tilde of hz.
 */
export function findShiftByte(label: string): number {
  return compactLabel(label.trim().toLowerCase()).startsWith("hz") ? 0x7e : 0x1b;
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

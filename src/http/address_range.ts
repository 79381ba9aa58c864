/** Bytes of an IP address; an IPv4 address in its IPv6 form, `::ffff:10.0.0.1`. */
type Address = readonly number[];

/** Range of IP addresses. An IPv4 range contains the same addresses in their IPv6 form too. */
export class AddressRange {
  readonly #first: Address;
  readonly #bits: number;

  private constructor(first: Address, bits: number) {
    this.#first = first;
    this.#bits = bits;
  }

  /**
   * Returns the range of a string such as `10.0.0.0/8`, `fd00::/8` or `10.0.0.1`; `undefined` for
   * any other string. Bits after the prefix are ignored.
   */
  static parse(text: string): AddressRange | undefined {
    const [host = "", length, ...rest] = text.split("/");
    const first = parseAddress(host);
    if (first === undefined || rest.length > 0) return undefined;
    const longest = host.includes(":") ? 128 : 32;
    if (length === undefined) return new AddressRange(first, 128);
    if (!/^\d{1,3}$/.test(length) || Number(length) > longest) return undefined;
    return new AddressRange(first, Number(length) + 128 - longest);
  }

  /** Whether a host is an IP address of the range; a name never is. */
  contains(host: string): boolean {
    const address = parseAddress(host);
    if (address === undefined) return false;
    return address.every((byte, index) => {
      const bits = Math.min(8, Math.max(0, this.#bits - index * 8));
      const mask = 0xff00 >> bits & 0xff;
      return (byte & mask) === ((this.#first[index] ?? 0) & mask);
    });
  }
}

/** Loopback, private (RFC 1918), link-local and unique local addresses. */
const PRIVATE_RANGES: readonly AddressRange[] = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "::1",
  "fc00::/7",
  "fe80::/10",
].flatMap((text) => AddressRange.parse(text) ?? []);

/**
 * Whether a host, with or without brackets, is an IP address that other networks can't reach:
 * loopback, private or link-local. A name is not one, as its address may change.
 */
export function isPrivateAddress(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return PRIVATE_RANGES.some((range) => range.contains(bare));
}

function parseAddress(host: string): Address | undefined {
  if (!host.includes(":")) {
    const bytes = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? host.split(".").map(Number) : undefined;
    if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
    return [...new Array<number>(10).fill(0), 255, 255, ...bytes];
  }
  // A URL writes an IPv6 address with groups of hexadecimal digits only.
  const normal = /^[\da-f:.]+$/i.test(host) ? URL.parse(`http://[${host}]`)?.hostname : undefined;
  if (normal === undefined) return undefined;
  const [head = [], tail = []] = normal.slice(1, -1).split("::").map((part) =>
    part === "" ? [] : part.split(":").map((group) => parseInt(group, 16))
  );
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]);
}

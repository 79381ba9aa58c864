import { hideCredentials } from "../../util/mod.ts";

const NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?!$)|\.?$))+$/i;

/** IPv4 addresses of this network, multicast and reserved; IPv6 link-local and multicast. */
const UNCALLABLE =
  /^(?:(?:0|22[4-9]|2[345]\d)(?:\.\d+){3}|\[(?:fe[89ab]|ff)[\da-f]{0,2}:.*|\[::\]|\[::ffff:0:0\])$/;

/** Returns the host as a URL writes it; `undefined` if it cannot stand in one. */
function toUrlHost(host: unknown): string | undefined {
  if (typeof host !== "string") return undefined;
  if (host.includes(":")) {
    // A zone, as in fe80::1%eth0, has a meaning on this machine only.
    return /^[\da-f:.]+$/i.test(host) ? URL.parse(`http://[${host}]`)?.hostname : undefined;
  }
  // A number, as in 127.1, would become another host.
  const isName = NAME.test(host) && URL.parse(`http://${host}`)?.hostname === host.toLowerCase();
  return isName ? host.toLowerCase() : undefined;
}

/**
 * Checks the address to listen on.
 *
 * @throws {TypeError} if it is not a host name or an IP address
 */
function checkListenHost(hostname: unknown): string {
  if (typeof hostname === "string") {
    const [address = "", zone] = hostname.split("%", 2);
    const isUsable = zone === undefined || (address.includes(":") && /^\w+$/.test(zone));
    if (isUsable && toUrlHost(address) !== undefined) return hostname;
  }
  throw createHostError("hostname", hostname);
}

/**
 * Checks a host name or an IP address that an option names.
 *
 * @throws {TypeError} if it is neither
 */
export function checkHost(option: string, host: unknown): void {
  if (toUrlHost(host) === undefined) throw createHostError(option, host);
}

/**
 * Checks a host that other processes are to call.
 *
 * @throws {TypeError} if it is not a host name or an IP address, or no other process can call it
 */
export function checkAdvertisedHost(host: unknown, option = "advertisedHostname"): string {
  if (typeof host === "string" && isCallableHost(host)) return host;
  if (typeof host !== "string" || host.toLowerCase() === "auto" || toUrlHost(host) === undefined) {
    throw createHostError(option, host);
  }
  throw new TypeError(
    `Cannot advertise ${host}: no other process can call it; give another advertisedHostname`,
  );
}

/** Returns whether other processes can call a host, which is written without brackets. */
export function isCallableHost(host: string): boolean {
  const urlHost = toUrlHost(host);
  return urlHost !== undefined && urlHost !== "auto" && !UNCALLABLE.test(urlHost);
}

/** Options that decide which host is advertised. */
export interface HostOptions {
  /** Address to listen on. */
  readonly hostname?: string;
  /** Host that other processes are to call, or `auto`. */
  readonly advertisedHostname?: string;
}

/**
 * Returns the host to advertise, or `auto` if it is to be found.
 *
 * @throws {TypeError} if no other process can call it
 */
export function chooseAdvertisedHost(
  { hostname = "127.0.0.1", advertisedHostname }: HostOptions,
): string {
  checkListenHost(hostname);
  if (advertisedHostname === undefined && hostname.includes("%")) {
    throw new TypeError(
      `Cannot advertise ${hostname}: its zone has a meaning on this machine only; give ` +
        `advertisedHostname`,
    );
  }
  const host = advertisedHostname ?? (isWildcardHost(hostname) ? "auto" : hostname);
  return host === "auto" ? host : checkAdvertisedHost(host);
}

/** Returns whether a host stands for every address of this machine, as `0.0.0.0` does. */
export function isWildcardHost(host: unknown): boolean {
  const urlHost = toUrlHost(host);
  return urlHost === "0.0.0.0" || urlHost === "[::]" || urlHost === "[::ffff:0:0]";
}

/** Returns whether only this machine can call a host, given with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const urlHost = toUrlHost(host.replace(/^\[(.*)\]$/, "$1")) ?? "";
  return /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f..:.*\])$/.test(urlHost);
}

/** Returns a host as it is written in a URL: an IPv6 address in brackets. */
export function formatUrlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function createHostError(option: string, value: unknown): TypeError {
  const text = typeof value === "string"
    ? JSON.stringify(hideCredentials(value).replace(/^[^/]*:[^/]*@/, "")) // without a password
    : String(value);
  const ascii = typeof value === "string" ? findAsciiForm(value) : undefined;
  return new TypeError(
    `Cannot use ${option} ${text}: give a host name or an IP address, without scheme, port, ` +
      `path, brackets and zone` + (ascii === undefined ? "" : `; in ASCII it is ${ascii}`),
  );
}

/** Returns the name that stands for an international one in DNS. */
export function findAsciiForm(name: string): string | undefined {
  const isAscii = /^[\x21-\x7e]*$/.test(name);
  const host = isAscii ? undefined : URL.parse(`http://${name}`)?.hostname;
  return host !== undefined && /(?:^|\.)xn--/.test(host) && toUrlHost(host) === host
    ? host
    : undefined;
}

const NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/** Returns the host as a URL writes it; `undefined` if it cannot stand in one. */
function toUrlHost(host: string): string | undefined {
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
export function checkListenHost(hostname: unknown): string {
  if (typeof hostname === "string") {
    const [address = "", zone] = hostname.split("%", 2);
    const isUsable = zone === undefined || (address.includes(":") && /^\w+$/.test(zone));
    if (isUsable && toUrlHost(address) !== undefined) return hostname;
  }
  throw createHostError("hostname", hostname);
}

/**
 * Checks a host that other processes are to call.
 *
 * @throws {TypeError} if it is not a host name or an IP address, or no other process can call it
 */
export function checkAdvertisedHost(host: unknown, option = "advertisedHostname"): string {
  const urlHost = typeof host === "string" ? toUrlHost(host) : undefined;
  if (typeof host !== "string" || urlHost === undefined) throw createHostError(option, host);
  if (!isWildcardHost(host)) return host;
  throw new TypeError(
    `Cannot advertise ${host}: no other process can call it; give advertisedHostname`,
  );
}

/** Returns whether a host stands for every address of this machine, as `0.0.0.0` does. */
export function isWildcardHost(host: string): boolean {
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
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new TypeError(
    `Cannot use ${option} ${text}: give a host name or an IP address, without scheme, port, ` +
      `path, brackets and zone`,
  );
}

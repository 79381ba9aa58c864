import { toPrintable } from "../../util/mod.ts";
import { AddressRange } from "../address_range.ts";
import type { HttpTarget } from "./http_target.ts";

/** Test whether a host matches one rule. */
type Rule = (host: string, port: number) => boolean;

/**
 * Hosts that may be called: names (`node-1.example`), names below one (`*.example`), IP
 * addresses and ranges of them (`10.0.0.0/8`); all but ranges may have a port (`node-1:8181`).
 * Names are compared as they are written, not looked up.
 *
 * @example
 * ```ts
 * import { HostRules, parseHttpTarget } from "../mod.ts";
 *
 * const rules = new HostRules(["*.example.com", "10.0.0.0/8"]);
 * console.log(rules.allows(parseHttpTarget("http://10.1.2.3:8181/"))); // true
 * console.log(rules.allows(parseHttpTarget("http://example.org/"))); // false
 * ```
 */
export class HostRules {
  /** Option that has the rules, for errors. */
  readonly option: string;
  readonly #rules: readonly Rule[];

  /**
   * Parses rules; an empty list allows no host.
   *
   * @throws {TypeError} if a rule has another form
   */
  constructor(rules: readonly string[], option = "allowHosts") {
    this.option = option;
    if (!Array.isArray(rules)) {
      throw new TypeError(`Cannot use ${option}: it is not a list; give ["*.example.com"]`);
    }
    this.#rules = rules.map((rule) => {
      const parsed = typeof rule === "string" ? parseRule(rule) : undefined;
      if (parsed !== undefined) return parsed;
      throw new TypeError(
        `Cannot use ${JSON.stringify(toPrintable(String(rule)))} in ${option}: give a host, ` +
          `host:port, *.domain, an IP address, or a range such as 10.0.0.0/8`,
      );
    });
  }

  /** Whether the host of an address may be called. */
  allows({ hostname, port }: Pick<HttpTarget, "hostname" | "port">): boolean {
    const host = hostname.replace(/\.$/, "");
    return this.#rules.some((rule) => rule(host, port));
  }
}

function parseRule(text: string): Rule | undefined {
  if (text.includes("/") || /:.*:/.test(text) && !text.startsWith("[")) {
    const range = AddressRange.parse(text);
    return range && ((host) => range.contains(host));
  }
  const [, wildcard, name = "", digits] = /^(\*\.)?(.+?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = toHost(name);
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || port === 0 || (port ?? 1) > 65_535) return undefined;
  const matches = createHostTest(host, wildcard !== undefined);
  return matches && ((given, givenPort) => {
    return (port === undefined || port === givenPort) && matches(given);
  });
}

function createHostTest(
  host: string,
  isWildcard: boolean,
): ((given: string) => boolean) | undefined {
  const range = AddressRange.parse(host);
  if (isWildcard) return range === undefined ? (given) => given.endsWith(`.${host}`) : undefined;
  return range === undefined ? (given) => given === host : (given) => range.contains(given);
}

/** Returns a host as a URL writes it, without brackets and the dot at the end. */
function toHost(name: string): string | undefined {
  if (/[\s*@?#\\%]|:(?!.*\])/.test(name)) return undefined;
  const host = URL.parse(`http://${name}/`)?.hostname.replace(/^\[(.*)\]$/, "$1");
  return host === undefined || host === "" ? undefined : host.replace(/\.$/, "");
}

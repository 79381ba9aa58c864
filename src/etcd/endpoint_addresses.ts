import { toPrintable } from "../util/mod.ts";

/** Scheme, host and port; no list separator, path, user name or zone. */
const ENDPOINT = /^(?:(https?):\/\/)?(\[[\da-f:.]+\]|\w(?:[\w.-]*\w)?\.?)(?::(\d{1,5}))?\/?$/i;

/** Address of a member. */
export interface EndpointAddress {
  /** Host and port. */
  readonly address: string;
  /** Whether its scheme asks for TLS; `undefined` without a scheme. */
  readonly secure: boolean | undefined;
}

/**
 * Parses the addresses of the members: one, or several with commas or in a list.
 *
 * @throws {TypeError} if one is not a `host:port`, or there is none
 */
export function parseEndpoints(given: string | readonly string[]): EndpointAddress[] {
  const items: readonly unknown[] = Array.isArray(given) ? given : [given];
  const listed = items.flatMap((item) =>
    // One with a user name is refused as a whole: its password may have a comma.
    typeof item === "string" && !item.includes("@")
      ? item.split(",").map((part) => part.trim())
      : [item]
  );
  const endpoints = listed.filter((item) => item !== "").map(parseEndpoint);
  if (endpoints.length > 0) return endpoints;
  throw new TypeError("Cannot use etcd without endpoints: the list is empty; give host:port");
}

function parseEndpoint(endpoint: unknown): EndpointAddress {
  const match = typeof endpoint === "string" ? ENDPOINT.exec(endpoint) : null;
  const port = Number(match?.[3] ?? 2379);
  const isHost = match !== null && URL.canParse(`http://${match[2]}`) && !match[2]?.includes("..");
  if (match === null || !isHost || port < 1 || port > 65_535) {
    const text = typeof endpoint === "string" ? formatEndpoint(endpoint) : String(endpoint);
    throw new TypeError(
      `Cannot use ${text} as an etcd endpoint: give host:port; for several, give a list` +
        explainAddress(String(endpoint)),
    );
  }
  const scheme = match[1]?.toLowerCase();
  return {
    address: `${match[2]}:${port}`,
    secure: scheme === undefined ? undefined : scheme === "https",
  };
}

/** Returns advice about an address that another program may accept, or an empty string. */
function explainAddress(endpoint: string): string {
  if (URL.canParse(`http://[${endpoint}]`)) return `; an IPv6 address is written as [${endpoint}]`;
  const scheme = /^(\w+):\/\//.exec(endpoint)?.[1] ?? "http";
  return /^https?$/i.test(scheme) ? "" : "; a scheme is http:// or https://";
}

/** Returns an invalid endpoint without the user name and password that it may have. */
function formatEndpoint(endpoint: string): string {
  return JSON.stringify(toPrintable(endpoint).replace(/^[^/]*@/, ""));
}

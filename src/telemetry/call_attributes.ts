import type { RemoteCall } from "../distribution/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { Attributes } from "./open_telemetry.ts";

/** Attributes of the calls of one endpoint. */
export interface EndpointAttributes {
  /** Protocol, such as `xmlrpc`, as the value of `rpc.system.name`. */
  readonly system: string;
  /** Host and port that are called, and the endpoint. */
  readonly span: Attributes;
}

const KNOWN = new WeakMap<EndpointDescription, EndpointAttributes>();

/** Returns the attributes of an endpoint, which are the same for all of its calls. */
export function findEndpointAttributes(endpoint: EndpointDescription): EndpointAttributes {
  const known = KNOWN.get(endpoint);
  if (known !== undefined) return known;
  const system = nameSystem(endpoint.configurationTypes[0] ?? "");
  const attributes = {
    system,
    span: {
      "rpc.system.name": system,
      ...readServer(endpoint.containerId ?? ""),
      "rsa.endpoint.id": endpoint.id,
    },
  };
  KNOWN.set(endpoint, attributes);
  return attributes;
}

/** Returns interface and method as one name, as the attribute `rpc.method` has them. */
export function nameMethod({ interfaceName, method }: RemoteCall): string {
  return `${interfaceName}/${method}`;
}

/**
 * Returns the name of a protocol from a configuration type: `xmlrpc` for `ecf.xmlrpc.server`,
 * `in-process` for `rs.in-process`.
 */
function nameSystem(configurationType: string): string {
  const name = configurationType.replace(/^[^.]*\./, "").replace(/\.(?:server|client)$/, "");
  return name === "" ? "unknown" : name;
}

/** Returns the attributes of an address: host and port of a URL, otherwise all of it. */
function readServer(containerId: string): Attributes {
  const url = URL.parse(containerId);
  if (url === null || url.hostname === "") return { "server.address": containerId };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname.replace(/^\[(.*)\]$/, "$1"), "server.port": port };
}

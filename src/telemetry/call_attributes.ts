import { toPrintable } from "../util/mod.ts";
import type { RemoteCall } from "../distribution/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import { OTHER } from "./call_outcome.ts";
import type { Attributes } from "./open_telemetry.ts";

/** Name and attributes of the span of a call. */
export interface CallDescription {
  readonly name: string;
  readonly attributes: Attributes;
  /** Protocol, such as `xmlrpc`, as `rpc.system.name` has it. */
  readonly system: string;
}

/** Description of the first attempts of a method. */
interface KnownCall extends CallDescription {
  readonly interfaceName: string;
}

/** Attributes of the calls of one endpoint. */
interface EndpointAttributes {
  readonly system: string;
  /** Protocol, host and port that are called, and the endpoint. */
  readonly common: Attributes;
  /** Descriptions by method, each of the interface that was called first. */
  readonly byMethod: Map<string, KnownCall>;
}

/** Names the protocol of a call that has none, or one without a name. */
export const UNKNOWN_SYSTEM = "unknown";

/** Largest number of methods whose descriptions are kept for an endpoint. */
const MAX_KEPT = 100;

const KNOWN = new WeakMap<EndpointDescription, EndpointAttributes>();

/**
 * Returns name and attributes of the span of a call. A name that a stranger chose is only an
 * attribute. Those of first attempts are created once: nothing is joined or copied for each call.
 */
export function describeCall(call: RemoteCall, isKnownMethod: boolean): CallDescription {
  const { method, interfaceName, attempt } = call;
  const { system, common, byMethod } = findAttributes(call.endpoint);
  const known = byMethod.get(method);
  const isFirst = isKnownMethod && attempt === 1;
  if (isFirst && known?.interfaceName === interfaceName) return known;
  const name = `${interfaceName}/${method}`;
  if (!isKnownMethod) {
    const attributes = { ...common, "rpc.method": OTHER, "rpc.method_original": name };
    return { name: system, attributes, system };
  }
  if (!isFirst) {
    const attributes = { ...common, "rpc.method": name, "rsa.attempt": attempt };
    return { name, attributes, system };
  }
  const description = {
    name,
    attributes: { ...common, "rpc.method": name },
    system,
    interfaceName,
  };
  if (known === undefined && byMethod.size < MAX_KEPT) byMethod.set(method, description);
  return description;
}

function findAttributes(endpoint: EndpointDescription): EndpointAttributes {
  const known = KNOWN.get(endpoint);
  if (known !== undefined) return known;
  const system = nameSystem(endpoint.configurationTypes[0] ?? "");
  const common = {
    "rpc.system.name": system,
    ...readServer(endpoint.containerId ?? ""),
    "rsa.endpoint.id": endpoint.id,
  };
  const attributes = { system, common, byMethod: new Map<string, KnownCall>() };
  KNOWN.set(endpoint, attributes);
  return attributes;
}

/**
 * Returns the name of a protocol from a configuration type: `xmlrpc` for `ecf.xmlrpc.server`,
 * `in-process` for `rs.in-process`.
 */
function nameSystem(configurationType: string): string {
  const name = configurationType.replace(/^[^.]*\./, "").replace(/\.(?:server|client)$/, "");
  return name === "" ? UNKNOWN_SYSTEM : name;
}

/** Returns the attributes of an address: host and port of a URL, otherwise all of it. */
function readServer(containerId: string): Attributes {
  const url = URL.parse(containerId);
  if (url === null || url.hostname === "") return { "server.address": toPrintable(containerId) };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname.replace(/^\[(.*)\]$/, "$1"), "server.port": port };
}

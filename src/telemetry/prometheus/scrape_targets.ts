import type { EndpointDescription } from "../../endpoint/mod.ts";
import { hideCredentials, isSecretName } from "../../util/mod.ts";

/** Targets of Prometheus with common labels, as its HTTP and file discoveries read them. */
export interface TargetGroup {
  /** Hosts with ports. */
  readonly targets: readonly string[];
  /** Labels, most of them `__meta_rsa_...` for relabelling. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Longest value of a property that becomes a label. */
const MAX_VALUE = 1000;

/** Properties that are useless as labels: long ones, and those of this library and ECF. */
const INTERNAL = /^(?:rs\.|ecf\.|\.)/;

/** Values of labels by name, while the endpoints of one address are collected. */
type LabelValues = Map<string, Set<string>>;

/**
 * Returns the addresses of endpoints for Prometheus, each once, with the interfaces and
 * properties of all of its endpoints. Endpoints without an HTTP address are left out.
 */
export function createTargetGroups(endpoints: Iterable<EndpointDescription>): TargetGroup[] {
  const byAddress = new Map<string, { readonly url: URL; readonly values: LabelValues }>();
  for (const endpoint of endpoints) {
    const url = URL.parse(endpoint.containerId ?? "");
    if (url === null || !/^https?:$/.test(url.protocol)) continue;
    const group = byAddress.get(url.origin) ?? { url, values: new Map() };
    byAddress.set(url.origin, group);
    collectValues(endpoint, group.values);
  }
  return [...byAddress.values()].map(({ url, values }) => ({
    targets: [toTarget(url)],
    labels: {
      ...(url.protocol === "https:" ? { __scheme__: "https" } : {}),
      ...Object.fromEntries([...values].map(([name, texts]) => [name, joinValues(name, texts)])),
    },
  }));
}

function collectValues(endpoint: EndpointDescription, values: LabelValues): void {
  const add = (name: string, text: string) => {
    const texts = values.get(name) ?? new Set();
    values.set(name, texts.add(text));
  };
  for (const name of endpoint.interfaces) add(INTERFACES, name);
  if (endpoint.frameworkUuid !== undefined) {
    add("__meta_rsa_framework_uuid", endpoint.frameworkUuid);
  }
  for (const [name, value] of endpoint.extras) {
    const text = hideCredentials(String(value));
    if (INTERNAL.test(name) || isSecretName(name) || text.length > MAX_VALUE) continue;
    add(`__meta_rsa_property_${name.replace(/[^a-zA-Z0-9_]/g, "_")}`, text);
  }
}

const INTERFACES = "__meta_rsa_interfaces";

/** Joins values by commas; a list has one at both ends too, so that `,name,` finds a member. */
function joinValues(name: string, texts: ReadonlySet<string>): string {
  const joined = [...texts].sort().join(",");
  return name === INTERFACES ? `,${joined},` : joined;
}

function toTarget({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
}

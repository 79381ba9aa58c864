import { prefixEnd } from "../../etcd/mod.ts";

/** A right to keys of the registry. */
export interface RegistryRight {
  /** What it allows, such as `read the keys from a/ to a0`. */
  readonly action: string;
  /** Command that grants it. */
  readonly grant: string;
}

/** Describes the right to read the keys under a top key, or that to read and write them. */
export function describeRight(topKey: string, right: "read" | "readwrite"): RegistryRight {
  const first = `${topKey}/`;
  const end = new TextDecoder().decode(prefixEnd(first));
  return {
    action: `${right === "read" ? "read" : "write"} the keys from ${first} to ${end}`,
    grant: `etcdctl role grant-permission ROLE ${right} "${first}" "${end}"`,
  };
}

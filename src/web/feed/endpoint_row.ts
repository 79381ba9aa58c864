import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { EndpointChange, EndpointRecord } from "./endpoint_journal.ts";
import { collectFilterProperties, summarizeProperties, toVisible } from "./visible_properties.ts";

/** Longest interface name, address and host that the page shows. */
const MAX_TEXT = 300;
/** Most interfaces of an endpoint that the list shows. */
const MAX_INTERFACES = 20;

/** An endpoint as a row of the list; every string is escaped and bounded but the id. */
export interface EndpointRow {
  readonly id: string;
  readonly interfaces: readonly string[];
  readonly address: string;
  readonly host: string;
  /** Framework that exports it, the same for all endpoints of a process. */
  readonly process: string;
  readonly properties: string;
  readonly bornMs: number;
  readonly changedMs: number;
  readonly change: EndpointChange;
  readonly isOwn?: true;
  readonly isLeaving?: true;
}

/** Creates the row of a record. */
export function createRow(record: EndpointRecord): EndpointRow {
  const { endpoint, bornMs, changedMs, change, isOwn, isLeaving } = record;
  const address = formatAddress(endpoint);
  return {
    id: endpoint.id,
    interfaces: endpoint.interfaces.slice(0, MAX_INTERFACES)
      .map((name) => toVisible(name, MAX_TEXT)),
    address,
    host: toVisible(URL.parse(address)?.hostname ?? "", MAX_TEXT),
    process: toVisible(endpoint.frameworkUuid ?? "", MAX_TEXT),
    properties: summarizeProperties(endpoint),
    bornMs,
    changedMs,
    change,
    ...(isOwn ? { isOwn: true } : {}),
    ...(isLeaving ? { isLeaving: true } : {}),
  };
}

/** Returns the address of an endpoint, without credentials; its id if it has none. */
export function formatAddress({ containerId, id }: EndpointDescription): string {
  return toVisible(containerId ?? id, MAX_TEXT);
}

/** Returns the string that a plain filter searches: interfaces, address and properties. */
export function collectSearchText(endpoint: EndpointDescription): string {
  const properties = Object.entries(collectFilterProperties(endpoint));
  return properties.map(([name, value]) => `${name}=${String(value)}`).join("\n").toLowerCase();
}

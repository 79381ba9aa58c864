import {
  type EndpointDescription,
  parseNames,
  type PropertyValue,
  RS,
} from "../../endpoint/mod.ts";
import { hideCredentials, isSecretName, toPrintable } from "../../util/mod.ts";

/** Longest name and value that the page shows. */
const MAX_NAME = 200;
const MAX_VALUE = 2000;
/** Most properties and methods of an endpoint that the page shows. */
const MAX_PROPERTIES = 500;
const MAX_METHODS = 500;

/** Placeholder for a value that is not shown. */
const HIDDEN_VALUE = "(hidden)";

/** A property as the page shows it: escaped, bounded, without credentials. */
export interface VisibleProperty {
  readonly name: string;
  readonly value: string;
  /** Whether the value is hidden because its name is that of a secret. */
  readonly isHidden: boolean;
  /** Whether it belongs to the protocols and says nothing about the service. */
  readonly isProtocol: boolean;
}

/** Returns a received string as the page shows it: without credentials, escaped, bounded. */
export function toVisible(text: string, maxLength = MAX_VALUE): string {
  return toPrintable(text, maxLength);
}

/** Returns the properties of an endpoint for filters: secrets are not among them. */
export function collectFilterProperties(endpoint: EndpointDescription): Record<string, unknown> {
  return Object.fromEntries(
    [...endpoint.properties].map(([name, value]) =>
      [name, isSecretName(name) ? HIDDEN_VALUE : hideValue(value)] as const
    ),
  );
}

/** Returns the properties of an endpoint in the order of their names. */
export function listVisibleProperties(endpoint: EndpointDescription): VisibleProperty[] {
  return [...endpoint.properties].slice(0, MAX_PROPERTIES)
    .map(([name, value]) => toVisibleProperty(name, value))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Returns the properties that an exporter set itself as one short line. */
export function summarizeProperties({ extras }: EndpointDescription, maxLength = 120): string {
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of sortByLength(extras)) {
    const visible = toVisibleProperty(name, value);
    const part = `${visible.name}=${visible.value}`;
    length += part.length + 1;
    parts.push(part);
    if (length > maxLength) break;
  }
  return toPrintable(parts.join(" "), maxLength);
}

/** Returns the names of the methods that an exporter advertises; none if it advertises none. */
export function listMethodNames({ extras }: EndpointDescription): string[] {
  return [...parseNames(extras.get(RS.methods))].slice(0, MAX_METHODS);
}

/** Returns the properties of a service, short names first: they are its own. */
function sortByLength(extras: EndpointDescription["extras"]) {
  return [...extras].filter(([name]) => !isProtocolProperty(name))
    .sort(([left], [right]) => left.length - right.length);
}

const PROTOCOL_NAME =
  /^(?:objectclass$|rs\.|ecf\.|endpoint\.|osgi\.basic\.|remote\.|service\.(?:id|intents|imported|bundleid|scope))/;

function isProtocolProperty(name: string): boolean {
  return PROTOCOL_NAME.test(name.toLowerCase());
}

function toVisibleProperty(name: string, value: PropertyValue): VisibleProperty {
  const isHidden = isSecretName(name);
  return {
    name: toVisible(name, MAX_NAME),
    value: isHidden ? HIDDEN_VALUE : toVisible(formatValue(value)),
    isHidden,
    isProtocol: isProtocolProperty(name),
  };
}

function formatValue(value: PropertyValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (!Array.isArray(value) && !(value instanceof Set)) return formatItem(value);
  const items: unknown[] = [...value];
  return items.slice(0, MAX_VALUE).map(formatItem).join(" ");
}

function formatItem(item: unknown): string {
  return item instanceof Date ? item.toISOString() : String(item);
}

function hideValue(value: PropertyValue): unknown {
  if (typeof value === "string") return hideCredentials(value);
  if (!Array.isArray(value) && !(value instanceof Set)) return value;
  const items: unknown[] = [...value];
  return items.map((item) => typeof item === "string" ? hideCredentials(item) : item);
}

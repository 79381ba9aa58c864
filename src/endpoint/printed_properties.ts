import { hideCredentials } from "../util/mod.ts";
import {
  formatScalar,
  isScalarValue,
  type PropertyValue,
  type ScalarValue,
} from "./property_values.ts";

/** Returns properties as `{name=value,name=[item,item]}`, without the credentials of URLs. */
export function formatProperties(properties: ReadonlyMap<string, PropertyValue>): string {
  const format = (value: ScalarValue) => hideCredentials(formatScalar(value));
  const formatOne = ([name, value]: [string, PropertyValue]) =>
    `${name}=${isScalarValue(value) ? format(value) : `[${[...value].map(format).join(",")}]`}`;
  return `{${[...properties].map(formatOne).join(",")}}`;
}

/** Returns properties in a form that JSON has, without the credentials of URLs. */
export function toJsonProperties(
  properties: ReadonlyMap<string, PropertyValue>,
): Readonly<Record<string, unknown>> {
  const convert = (value: ScalarValue) => typeof value === "bigint" ? String(value) : hide(value);
  const entries = [...properties].map(([name, value]) =>
    [name, isScalarValue(value) ? convert(value) : [...value].map(convert)] as const
  );
  return Object.fromEntries(entries);
}

/** Returns the members of an object without the credentials of URLs in them. */
export function hideMembers(members: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, hide(value)]));
}

function hide(value: unknown): unknown {
  if (typeof value === "string") return hideCredentials(value);
  if (Array.isArray(value)) return value.map(hide);
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([name, item]) => [name, hide(item)]));
}

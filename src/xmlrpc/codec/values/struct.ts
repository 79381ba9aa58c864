import type { XmlRpcValue } from "./values.ts";

/** A struct that is being read. */
export type Struct = Record<string, XmlRpcValue>;

/** Adds a member as an own property: `__proto__` is a name like any other. */
export function defineMember(struct: Struct, name: string, value: XmlRpcValue): void {
  if (name !== "__proto__") struct[name] = value;
  else {
    const descriptor = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(struct, name, descriptor);
  }
}

/** Whether a decoded value is a struct, the only plain object. */
export function isStruct(
  value: XmlRpcValue,
): value is { readonly [name: string]: XmlRpcValue } {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

import { findNearest } from "../util/mod.ts";

/**
 * Names that are never called remotely: members of every object, and members that would make
 * an object look like a promise or change its JSON form.
 */
const RESERVED: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "then",
  "toJSON",
]);

/**
 * Names that libraries look up in any object, and call if there is a function: rxjs, the DOM's
 * event listeners, React, chai and jest. A proxy has a method of such a name only if its
 * endpoint advertises it. Names that a service may well have, such as `next`, `schedule` or
 * `subscribe`, are not among them.
 */
const PROBES: ReadonlySet<string> = new Set([
  "asymmetricMatch",
  "catch",
  "finally",
  "getReader",
  "handleEvent",
  "hasAttribute",
  "inspect",
  "isEqualNode",
  "lift",
  "nodeName",
  "nodeType",
  "prototype",
  "tagName",
]);

/**
 * Whether a name may be the name of a remote method: letters, digits and underscores that
 * every protocol can carry, not private by a leading underscore, and not a member that every
 * object has.
 */
export function isMethodName(name: string): boolean {
  return /^[A-Za-z]\w*$/.test(name) && !RESERVED.has(name);
}

/** Whether a name is private or reserved, so that an exported object may have it unseen. */
export function isHiddenName(name: string): boolean {
  return RESERVED.has(name) || /^[_#]/.test(name);
}

/** Whether libraries look a name up in any object. */
export function isProbe(name: string): boolean {
  return PROBES.has(name);
}

/** Longest list of methods in an error, in characters. */
const MAX_LIST = 500;

/** Describes the methods of a service for an error about one that it does not have. */
export function describeMethods(names: readonly string[], wanted: string): string {
  const nearest = findNearest(wanted, names);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  const all = names.join(", ");
  if (all.length <= MAX_LIST) return `it has the methods ${all}${hint}`;
  const end = all.lastIndexOf(", ", MAX_LIST);
  const shown = end > 0 ? all.slice(0, end) : `${all.slice(0, MAX_LIST)}...`;
  return `it has ${names.length} methods, among them ${shown}${hint}`;
}

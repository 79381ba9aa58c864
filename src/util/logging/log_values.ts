import type { LogFields } from "./logger.ts";
import { toPrintable } from "./printable.ts";

/** Longest message of a record, and of an error in its fields. */
const MAX_MESSAGE = 1000;
/** Longest string in the fields of a record, and longest word of a message. */
const MAX_VALUE = 200;
/** Pattern of a word that is longer. */
const LONG_WORD = /\S{201,}/g;
/** Most items of a list, members of an object, and frames of a stack in the fields. */
const MAX_ITEMS = 50;
/** Deepest nesting of the fields, causes of errors included. */
const MAX_DEPTH = 4;

/** Returns a message that is bounded and printable, and so is each name, id or URL in it. */
export function boundMessage(message: string): string {
  return toPrintable(message, MAX_MESSAGE).replace(
    LONG_WORD,
    (word) => toPrintable(word, MAX_VALUE),
  );
}

/**
 * Returns the fields of a record with every value bounded, printable and without credentials.
 * An error that already meets this stays the same object.
 */
export function boundFields(fields: LogFields): LogFields {
  return boundMembers(fields, 0);
}

function boundMembers(object: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(object).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([name, value]) => [toPrintable(name), boundValue(value, depth + 1)]),
  );
}

function boundValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return toPrintable(value, MAX_VALUE);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (value instanceof Error) return isBounded(value, depth) ? value : copyError(value, depth);
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[...]" : "{...}";
  if (!Array.isArray(value)) return boundMembers(value, depth);
  return value.slice(0, MAX_ITEMS).map((item) => boundValue(item, depth + 1));
}

/** Whether an error can be printed as it is, with its members and causes. */
function isBounded(error: Error, depth: number): boolean {
  const { message, stack, cause } = error;
  if (depth >= MAX_DEPTH || !isPrintable(message)) return false;
  if (stack !== undefined && !stack.split("\n", MAX_ITEMS).every(isPrintable)) return false;
  if (cause !== undefined && boundValue(cause, depth + 1) !== cause) return false;
  return !(error instanceof AggregateError) &&
    Object.values(error).every((value) => isBoundedMember(value, depth));
}

function isBoundedMember(value: unknown, depth: number): boolean {
  if (typeof value === "string") return isPrintable(value);
  if (typeof value !== "object" || value === null) return true;
  try {
    return JSON.stringify(boundValue(value, depth)) === JSON.stringify(value);
  } catch {
    return false; // it refers to itself, or has a bigint
  }
}

function isPrintable(text: string): boolean {
  return toPrintable(text, MAX_MESSAGE) === text;
}

/** Returns an error with the same name, code and place, whose strings are bounded. */
function copyError(error: Error, depth: number): Error {
  const { name, message, stack = "", cause } = error;
  const isLast = cause === undefined || depth >= MAX_DEPTH;
  const options = isLast ? undefined : { cause: boundValue(cause, depth + 1) };
  const copy = new Error(toPrintable(message, MAX_VALUE), options);
  copy.name = toPrintable(String(name));
  const frames = stack.split("\n").filter((line) => /^ +at /.test(line)).slice(0, MAX_ITEMS);
  const lines = frames.map((line) => toPrintable(line));
  copy.stack = [`${copy.name}: ${copy.message}`, ...lines].join("\n");
  const code: unknown = "code" in error ? error.code : undefined;
  if (code === undefined) return copy;
  return Object.assign(copy, { code: typeof code === "string" ? toPrintable(code) : code });
}

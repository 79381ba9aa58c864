import type { ServiceProperties } from "../../framework/mod.ts";
import { parseExactJson } from "../../util/mod.ts";
import { CommandError } from "../command.ts";

/**
 * Separates the words `name=value` from the others. A value that is a JSON number, boolean
 * or array has that type; any other is a string. The brackets of ECF's `[ name=value ]` are
 * ignored.
 */
export function separateProperties(words: readonly string[]): {
  readonly others: readonly string[];
  readonly properties: ServiceProperties;
} {
  const others: string[] = [];
  const properties: Record<string, unknown> = {};
  for (const word of words) {
    if (word === "[" || word === "]") continue;
    const at = word.indexOf("=");
    if (at < 0) others.push(word);
    else if (at === 0) throw new CommandError(`Cannot read ${word}: give name=value`);
    else properties[word.slice(0, at)] = parseValue(word.slice(at + 1));
  }
  return { others, properties };
}

function parseValue(text: string): unknown {
  try {
    const value: unknown = parseExactJson(text);
    const isList = Array.isArray(value) &&
      value.every((item) => typeof item !== "object" && item !== null);
    if (["number", "bigint", "boolean"].includes(typeof value) || isList) return value;
  } catch {
    // It is a string.
  }
  return text;
}

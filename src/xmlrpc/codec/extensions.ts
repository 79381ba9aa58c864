import type { AttributeListener } from "../../xml/mod.ts";
import { EXTENSIONS_NAMESPACE } from "./values/mod.ts";

/** Records which prefixes a document declares for the namespace of Apache's extensions. */
export class ExtensionPrefixes implements AttributeListener {
  #prefixes: Set<string> | undefined;

  /** Whether an element declared the namespace. */
  get isDeclared(): boolean {
    return this.#prefixes !== undefined;
  }

  /** Looks at an attribute of any element. */
  onAttribute(name: string, value: string): void {
    if (value !== EXTENSIONS_NAMESPACE || !/^xmlns(?::|$)/.test(name)) return;
    this.#prefixes ??= new Set();
    if (name.startsWith("xmlns:")) this.#prefixes.add(name.slice("xmlns:".length));
  }

  /** Returns the name of an element with `ex:` in place of a prefix that means the extensions. */
  normalizeName(name: string): string {
    const colon = name.indexOf(":");
    const isExtension = colon >= 0 && this.#prefixes?.has(name.slice(0, colon));
    return isExtension ? `ex:${name.slice(colon + 1)}` : name;
  }
}

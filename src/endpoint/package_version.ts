import { OSGI } from "./property_names.ts";

const VERSION = /^\d{1,9}(?:\.\d{1,9}(?:\.\d{1,9}(?:\.[\w-]+)?)?)?$/;

/** Returns the package of an interface, `undefined` for one of the default package. */
export function findPackage(interfaceName: string): string | undefined {
  const dot = interfaceName.lastIndexOf(".");
  return dot < 0 ? undefined : interfaceName.slice(0, dot);
}

/**
 * Parses a version (OSGi Core, 3.2.5) and returns it with all of its numbers, such as `1.2.0`.
 *
 * @returns `undefined` if it is invalid
 */
export function parseVersion(version: unknown): string | undefined {
  if (typeof version !== "string") return undefined;
  const trimmed = version.trim();
  if (!VERSION.test(trimmed)) return undefined;
  const [major = "0", minor = "0", micro = "0", ...qualifier] = trimmed.split(".");
  return [major, minor, micro].map(Number).join(".") +
    qualifier.map((part) => `.${part}`).join("");
}

/** Returns the name of the property with the version of a package. */
export function formatVersionName(packageName: string): string {
  return OSGI.packageVersion + packageName;
}

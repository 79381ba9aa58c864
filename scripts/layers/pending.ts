/**
 * Violations that are still to be removed: a rule and a path, or the beginning of one. The list
 * only gets shorter.
 */
export const PENDING: readonly string[] = [
  "length src/xmlrpc/server/system_methods.ts",
];

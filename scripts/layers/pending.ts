/**
 * Violations that are still to be removed: a rule and a path, or the beginning of one. The list
 * only gets shorter.
 */
export const PENDING: readonly string[] = [
  "outside src/xmlrpc/server/handler.ts",
  "length src/xmlrpc/server/system_methods.ts",
];

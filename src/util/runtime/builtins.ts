/** Modules that were loaded, by name; asking the runtime each time takes 0.5 µs. */
const loaded = new Map<string, ReturnType<typeof process.getBuiltinModule>>();

/**
 * Returns a module of Node, which Deno and Bun have too. Unlike an import it is loaded at its
 * first use: in Deno the first of these modules takes 5 MB and each of the larger ones some
 * more, which a program that never needs them should not pay (`deno task bench:import`). For
 * the same reason `Buffer` and `process` are used as globals.
 *
 * @example
 * ```ts
 * console.log(loadBuiltin("node:net").isIP("::1")); // 6
 * ```
 */
export const loadBuiltin: typeof process.getBuiltinModule = (name: string) => {
  let module = loaded.get(name);
  if (module === undefined) loaded.set(name, module = process.getBuiltinModule(name));
  return module;
};

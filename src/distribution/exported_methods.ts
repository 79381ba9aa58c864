/** A method bound to its object. */
export type BoundMethod = (...params: unknown[]) => unknown;

/**
 * Names that are never called from outside: what every object has, and what would
 * make an object pass for a promise or change how it is shown as JSON.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "__proto__",
  "then",
  "toJSON",
]);

/** Whether a name may be a remote method's: also not private by a leading `_` or `#`. */
export function isMethodName(name: string): boolean {
  return !FORBIDDEN.has(name) && !/^[_#]/.test(name);
}

/**
 * The methods of a service: the functions that are its own or its class's, up to but
 * not including `Object.prototype`. No getter is run. A call is a look-up in this map,
 * never in the object.
 */
export function methodsOf(service: object): ReadonlyMap<string, BoundMethod> {
  const methods = new Map<string, BoundMethod>();
  /** What stands nearer to the object hides what its classes have under the same name. */
  const seen = new Set<string>();
  let level: object | null = service;
  while (level !== null && level !== Object.prototype && level !== Function.prototype) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const method: unknown = property.value;
      const isHidden = seen.has(name);
      seen.add(name);
      if (typeof method !== "function" || isHidden || !isMethodName(name)) continue;
      methods.set(name, (...params) => Reflect.apply(method, service, params));
    }
    level = Object.getPrototypeOf(level);
  }
  return methods;
}

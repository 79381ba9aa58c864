import { isMethodName } from "./method_names.ts";
import { getRemoteCaller } from "./remote_proxy.ts";

/** A method bound to its object. */
export type BoundMethod = (...parameters: unknown[]) => unknown;

/** Methods of a service that may be called from outside. */
export interface MethodTable {
  /** Returns a method; `undefined` if it does not exist or may not be called. */
  get(name: string): BoundMethod | undefined;
  /** Names of the methods; `undefined` if they are unknown, as with a gateway. */
  readonly names: readonly string[] | undefined;
  /** Whether the methods forward calls to another process, whose errors are passed on. */
  readonly isForwarding: boolean;
}

/**
 * Returns the methods of a service: the functions that are members of the object or of its
 * classes, without those of `Object`. No getter is run. A call is a look-up in this table,
 * never in the object. A proxy of a remote service forwards every method.
 */
export function createMethodTable(service: object): MethodTable {
  const caller = getRemoteCaller(service);
  if (caller !== undefined) {
    return {
      get: (name) =>
        isMethodName(name) ? (...parameters) => caller.call(name, parameters, {}) : undefined,
      get names() {
        return caller.methodNames;
      },
      isForwarding: true,
    };
  }
  const methods = collectMethods(service);
  return { get: (name) => methods.get(name), names: [...methods.keys()], isForwarding: false };
}

function collectMethods(service: object): ReadonlyMap<string, BoundMethod> {
  const methods = new Map<string, BoundMethod>();
  /** A member of the object hides the members of its classes with the same name. */
  const seen = new Set<string>();
  let level: object | null = service;
  while (level !== null && level !== Object.prototype && level !== Function.prototype) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const method: unknown = property.value;
      const isHidden = seen.has(name);
      seen.add(name);
      if (typeof method !== "function" || isHidden || !isMethodName(name)) continue;
      methods.set(name, (...parameters) => Reflect.apply(method, service, parameters));
    }
    level = Object.getPrototypeOf(level);
  }
  return methods;
}

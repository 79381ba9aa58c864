/** Node's classes that services extend, which are not global, and their modules. */
const NODE_CLASSES: ReadonlyMap<string, string> = new Map([
  ["EventEmitter", "node:events"],
  ...["Stream", "Readable", "Writable", "Duplex", "Transform", "PassThrough"]
    .map((name): [string, string] => [name, "node:stream"]),
]);

/**
 * Returns the name of the built-in class that a prototype belongs to, such as `Map`;
 * `undefined` for the prototype of a class of the program.
 */
export function findBuiltInClass(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof constructor !== "function") return findUnnamedBuiltIn(prototype);
  const { name } = constructor;
  const isBuiltIn = readMember(globalThis, name) === constructor || isNodeClass(name, constructor);
  return isBuiltIn ? name : findUnnamedBuiltIn(prototype);
}

/** Prototypes without a global name: typed arrays, iterators and generators. */
function findUnnamedBuiltIn(prototype: object): string | undefined {
  const unnamed: [object | null, string][] = [
    [Object.getPrototypeOf(Uint8Array.prototype), "TypedArray"],
    [Object.getPrototypeOf(Object.getPrototypeOf([].values())), "Iterator"],
    [Object.getPrototypeOf((function* () {})()), "Generator"],
    [Object.getPrototypeOf((async function* () {})()), "AsyncGenerator"],
  ];
  return unnamed.find(([known]) => known === prototype)?.[1];
}

function isNodeClass(name: string, constructor: unknown): boolean {
  const module = NODE_CLASSES.get(name);
  if (module === undefined) return false;
  const process: unknown = readMember(globalThis, "process");
  if (typeof process !== "object" || process === null || !("getBuiltinModule" in process)) {
    return false;
  }
  const { getBuiltinModule } = process;
  if (typeof getBuiltinModule !== "function") return false;
  return readMember(getBuiltinModule(module), name) === constructor;
}

/** Returns a member; `undefined` if the value is no object or its getter throws. */
function readMember(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value), name);
  } catch {
    return undefined; // some members of the global object exist only in some programs
  }
}

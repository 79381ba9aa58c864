import { findNearest, toLogMessage } from "../util/mod.ts";
import {
  findBuiltInClass,
  findGlobalObject,
  isClass,
  isCommonJsModule,
  isFromBuiltIn,
  readMember,
} from "./built_in_classes.ts";
import { findBuiltInModule } from "./built_in_modules.ts";
import { isHiddenName, isMethodName } from "./method_names.ts";
import { RemoteCallError } from "./remote_call_error.ts";
import { getRemoteCaller, type RemoteCaller } from "./remote_proxy.ts";

/** A method bound to its object. */
export type BoundMethod = (...parameters: unknown[]) => unknown;

/** Methods of a service that may be called from outside. */
export interface MethodTable {
  /** Returns a method; `undefined` if it does not exist or may not be called. */
  get(name: string): BoundMethod | undefined;
  /** Names of the methods; `undefined` if they are unknown, as with a gateway. */
  readonly names: readonly string[] | undefined;
  /**
   * Forwards a call to another process, whose errors are passed on; `undefined` if the methods
   * are those of an object.
   */
  readonly forward: RemoteCaller["call"] | undefined;
}

/**
 * Returns the methods of a service that may be called from outside. A call is a look-up in
 * this table, never in the object.
 *
 * Without `allowed` these are the functions that are members of the object or of its classes,
 * but not those of `Object` and other built-in classes, and none whose name begins with an
 * underscore. No getter is run, but for those of a module. **A `private` method of TypeScript
 * is callable: at run time it is like any other. Use `#private`.** The methods of a proxy of a
 * remote service are forwarded.
 *
 * @param allowed names of the callable methods
 * @throws {TypeError} if the service has no method that a client could call: a promise, a
 * class, an object without methods, an allowed name without a method, or a public method with
 * a name that not every protocol can carry
 */
export function createMethodTable(
  service: object,
  allowed?: readonly string[] | undefined,
): MethodTable {
  const caller = getRemoteCaller(service);
  if (caller !== undefined) return createForwardingTable(caller, allowed);
  if (isPromise(service, allowed !== undefined)) {
    throw new TypeError("Cannot export a promise: await it and give its result");
  }
  const methods = allowed === undefined
    ? collectMethods(service)
    : new Map(allowed.map((name) => [name, bindAllowed(service, name)]));
  if (methods.size === 0) {
    throw new TypeError(
      `Cannot export ${describe(service)}: it has no callable method; ` +
        (typeof service === "function"
          ? "give an object that has it as a method, such as { greet }"
          : "give an object with public methods, or name them with methods"),
    );
  }
  return { get: (name) => methods.get(name), names: [...methods.keys()], forward: undefined };
}

function createForwardingTable(
  caller: RemoteCaller,
  allowed: readonly string[] | undefined,
): MethodTable {
  const isAllowed = (name: string) => isMethodName(name) && (allowed?.includes(name) ?? true);
  return {
    get: (name) =>
      isAllowed(name) ? (...parameters) => caller.call(name, parameters, {}) : undefined,
    get names() {
      return allowed ?? caller.methodNames;
    },
    forward: async (method, parameters, options) => {
      const result = await caller.call(method, parameters, options);
      return caller.returnsOutcomes === true ? describeOutcomes(result) : result;
    },
  };
}

/** Returns the outcomes at several endpoints with errors in a form that can be sent. */
function describeOutcomes(outcomes: unknown): unknown {
  if (!Array.isArray(outcomes)) return outcomes;
  return outcomes.map((outcome) => {
    if (!(outcome?.reason instanceof RemoteCallError)) return outcome;
    const { code, message, isExecuted, address = "" } = outcome.reason;
    return { status: "rejected", reason: { code, message, isExecuted, address } };
  });
}

/** Returns a method that is named as callable; it is looked up at each call. */
function bindAllowed(service: object, name: string): BoundMethod {
  if (!isMethodName(name)) {
    throw new TypeError(
      `Cannot export the method ${JSON.stringify(name)}: give a name of letters, digits and ` +
        `underscores that begins with a letter and is not a member of every object`,
    );
  }
  const builtIn = findBuiltInOwner(service, name);
  if (builtIn !== undefined) {
    throw new TypeError(`Cannot export the method ${name}: it is inherited from ${builtIn}`);
  }
  if (readAllowed(service, name) === undefined) {
    const nearest = findNearest(name, collectMethodNames(service));
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    throw new TypeError(`Cannot export the method ${name}: the object has no such method${hint}`);
  }
  return createGetter(service, name);
}

/** Returns the function of a name, or `undefined`. A getter of that name runs. */
function readAllowed(service: object, name: string): BoundMethod | undefined {
  let value: unknown;
  try {
    value = Reflect.get(service, name);
  } catch (cause) {
    throw new TypeError(
      `Cannot export the method ${name}: reading it fails with ${toLogMessage(cause)}; give a ` +
        "method, or a getter that returns one",
      { cause },
    );
  }
  return isFunction(value) ? value : undefined;
}

function collectMethods(service: object): ReadonlyMap<string, BoundMethod> {
  if (isClass(service)) {
    throw new TypeError(
      `Cannot export the class ${service.name || "(anonymous)"}: give an instance of it, or ` +
        "name its static methods with methods",
    );
  }
  const owner = findGlobalObject(service) ?? findBuiltInModule(service);
  if (owner !== undefined) {
    throw new TypeError(
      `Cannot export ${owner}: it belongs to the runtime; give your own object, or name the ` +
        "callable methods with methods",
    );
  }
  if (service === globalThis) throw new TypeError("Cannot export the global object: give your own");
  if (Array.isArray(service) && Object.getPrototypeOf(service) === Array.prototype) {
    throw new TypeError("Cannot export a list: give an object with methods");
  }
  const methods = new Map<string, BoundMethod>();
  const isModule = isModuleObject(service);
  for (const { name, property } of listMembers(service)) {
    const value: unknown = isModule ? readMember(service, name) : property.value;
    if (!isFunction(value) || isClass(value) || isHiddenName(name)) continue;
    if (Object.hasOwn(service, name) && isFromBuiltIn(service, name, value)) continue;
    if (!isMethodName(name)) throw createNameError(name);
    methods.set(name, isModule ? createGetter(service, name) : bind(service, value));
  }
  return methods;
}

/**
 * Whether an object is a promise, of this library's realm or another, or one that a library
 * brings along. Allowed names ask for the methods of whatever it is.
 */
function isPromise(service: object, hasAllowed: boolean): boolean {
  if (service instanceof Promise) return true;
  if (Object.prototype.toString.call(service) === "[object Promise]") return true;
  if (hasAllowed) return false;
  const names = new Set([...listMembers(service)].map(({ name }) => name));
  return names.has("then") && names.has("catch") && isFunction(readMember(service, "then"));
}

function isFunction(value: unknown): value is BoundMethod {
  return typeof value === "function";
}

function createNameError(name: string): TypeError {
  return new TypeError(
    `Cannot export the method ${JSON.stringify(name)}: not every client can send this name; ` +
      `use letters, digits and underscores, or name the callable methods with methods`,
  );
}

function bind(service: object, method: (...parameters: unknown[]) => unknown): BoundMethod {
  return (...parameters) => Reflect.apply(method, service, parameters);
}

/** Returns a method that is looked up at each call, as with the live exports of a module. */
function createGetter(service: object, name: string): BoundMethod {
  return (...parameters) => Reflect.apply(Reflect.get(service, name), service, parameters);
}

interface Member {
  readonly name: string;
  readonly property: PropertyDescriptor;
}

/** Lists the members of an object and of its classes; a nearer one hides the others. */
function* listMembers(service: object): Generator<Member> {
  const seen = new Set<string>();
  for (const level of listLevels(service)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const property = findProperty(level, name);
      if (property !== undefined) yield { name, property };
    }
  }
}

/** Returns a property; `undefined` for an export of a module that is not initialized yet. */
function findProperty(level: object, name: string): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(level, name);
  } catch {
    return undefined;
  }
}

/** Lists an object and the prototypes of its classes, up to the first that is built in. */
function* listLevels(service: object): Generator<object> {
  let level: object | null = service;
  while (level !== null && (level === service || findBuiltInClass(level) === undefined)) {
    yield level;
    level = Object.getPrototypeOf(level);
  }
}

/** Returns the names that may be given as `methods`: of functions, and of getters. */
function collectMethodNames(service: object): string[] {
  return [...listMembers(service)]
    .filter(({ property: { value, get } }) => isFunction(value) || get !== undefined)
    .map(({ name }) => name)
    .filter(isMethodName);
}

/** Returns the built-in class that a member is inherited from, if it is. */
function findBuiltInOwner(service: object, name: string): string | undefined {
  let level: object | null = service;
  let builtIn: string | undefined;
  while (level !== null) {
    if (level !== service) builtIn ??= findBuiltInClass(level);
    if (Object.hasOwn(level, name)) return builtIn;
    level = Object.getPrototypeOf(level);
  }
  return undefined;
}

/** Whether an object has the exports of a module, which may be getters. */
function isModuleObject(service: object): boolean {
  const marker = Object.getOwnPropertyDescriptor(service, "__esModule");
  return marker?.value === true ||
    Object.prototype.toString.call(service) === "[object Module]" ||
    hasGetter(service) && isCommonJsModule(service);
}

function hasGetter(service: object): boolean {
  return Object.getOwnPropertyNames(service).some((name) =>
    findProperty(service, name)?.get !== undefined
  );
}

function describe(service: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(service) ?? {},
    "constructor",
  )?.value?.name;
  if (typeof service === "function") return "a function";
  const kind = typeof name === "string"
    ? name
    : Object.prototype.toString.call(service).slice(8, -1);
  return kind === "Object" ? "an object" : `an object of ${kind}`;
}

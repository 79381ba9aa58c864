import { loadBuiltin } from "../util/mod.ts";

/** Node's classes that services may extend and that are not global, by their modules. */
const NODE_CLASSES: Readonly<Record<string, string>> = {
  "node:async_hooks": "AsyncLocalStorage AsyncResource",
  "node:buffer": "Buffer",
  "node:child_process": "ChildProcess",
  "node:console": "Console",
  "node:crypto": "Cipheriv Decipheriv DiffieHellman ECDH Hash Hmac Sign Verify X509Certificate",
  "node:dgram": "Socket",
  "node:dns": "Resolver",
  "node:domain": "Domain",
  "node:events": "EventEmitter EventEmitterAsyncResource",
  "node:fs": "Dir Dirent FSWatcher ReadStream Stats WriteStream",
  "node:http":
    "Agent ClientRequest IncomingMessage OutgoingMessage Server ServerImpl ServerResponse",
  "node:http2": "Http2ServerRequest Http2ServerResponse",
  "node:https": "Agent Server",
  "node:net": "BlockList Server Socket SocketAddress",
  "node:readline": "Interface",
  "node:readline/promises": "Interface Readline",
  "node:sqlite": "DatabaseSync StatementSync",
  "node:stream": "Duplex PassThrough Readable Stream Transform Writable",
  "node:string_decoder": "StringDecoder",
  "node:tls": "Server TLSSocket",
  "node:tty": "ReadStream WriteStream",
  "node:url": "Url",
  "node:vm": "Script",
  "node:worker_threads": "NodeWorker Worker",
  "node:zlib": "BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate Unzip",
};

/** Objects of the runtime whose functions are members of their own. */
const GLOBAL_OBJECTS: readonly string[] = [
  "Atomics",
  "Bun",
  "Deno",
  "Intl",
  "JSON",
  "Math",
  "Reflect",
  "Temporal",
  "WebAssembly",
  "console",
  "process",
];

/** Functions that constructors of built-in classes put on the object itself. */
const OWN_FUNCTIONS: Readonly<Record<string, string>> = {
  "Server": "addContext setSecureContext shouldUpgradeCallback",
  "ServerImpl": "shouldUpgradeCallback",
  "StringDecoder": "decode flush",
};

/**
 * Whether a function of an object comes from the constructor of a built-in class that its
 * class extends, such as `log` of a `Console`.
 */
export function isFromBuiltIn(service: object, name: string, value: object): boolean {
  let level: object | null = Object.getPrototypeOf(service);
  while (level !== null && findBuiltInClass(level) === undefined) {
    level = Object.getPrototypeOf(level);
  }
  if (level === null || Object.getPrototypeOf(level) === null) return false; // that of `Object`
  const names = OWN_FUNCTIONS[findBuiltInClass(level) ?? ""]?.split(" ") ?? [];
  return names.includes(name) || (isNative(value) && name in level);
}

/** Returns the name of an object that the runtime has, such as `Math`; `undefined` for others. */
export function findGlobalObject(service: object): string | undefined {
  return GLOBAL_OBJECTS.find((name) => readMember(globalThis, name) === service);
}

/**
 * Returns the name of the built-in class that a prototype belongs to, such as `Map`;
 * `undefined` for the prototype of a class of the program.
 */
export function findBuiltInClass(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof constructor !== "function") return findUnnamedBuiltIn(prototype);
  const { name } = constructor;
  const isBuiltIn = isNative(constructor) || readMember(globalThis, name) === constructor ||
    isNodeClass(name, prototype);
  return isBuiltIn ? name : findUnnamedBuiltIn(prototype);
}

/**
 * Whether a function is a class: by its syntax, by methods of its prototype, or because the
 * runtime has it.
 */
export function isClass(value: unknown): value is { readonly name: string } {
  if (typeof value !== "function") return false;
  if (/^class\b/.test(Function.prototype.toString.call(value))) return true;
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, "prototype")?.value;
  if (typeof prototype !== "object" || prototype === null) return false;
  const names = Object.getOwnPropertyNames(prototype);
  // The source of a JavaScript proxy of a function is native too.
  const isBuiltIn = () => isNative(value) && readMember(globalThis, value.name) === value;
  return names.includes("constructor") && (names.length > 1 || isBuiltIn());
}

/** Whether the engine itself has a class, in this realm or another. */
function isNative(constructor: object): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(constructor));
}

/**
 * Returns the name of a prototype of the engine that has no global one, such as that of
 * generators: all its functions are native. A function that was bound is native too.
 */
function findUnnamedBuiltIn(prototype: object): string | undefined {
  const functions = Object.getOwnPropertyNames(prototype)
    .map((name): unknown => Object.getOwnPropertyDescriptor(prototype, name)?.value)
    .filter((value) => typeof value === "function");
  const isBuiltIn = functions.length > 0 &&
    functions.every((value) => isNative(value) && !value.name.startsWith("bound "));
  return isBuiltIn ? Object.prototype.toString.call(prototype).slice(8, -1) : undefined;
}

/** Searches only the modules that have a class of this name: loading a module takes memory. */
function isNodeClass(name: string, prototype: object): boolean {
  if (typeof globalThis.process?.getBuiltinModule !== "function") return false;
  return Object.entries(NODE_CLASSES).some(([module, names]) =>
    names.split(" ").includes(name) &&
    Object.values(loadBuiltin(module) ?? {}).some((value) =>
      typeof value === "function" && value.prototype === prototype
    )
  );
}

/** Whether an object is the exports of a loaded CommonJS module. */
export function isCommonJsModule(service: object): boolean {
  if (typeof globalThis.process?.getBuiltinModule !== "function") return false;
  const cache = readMember(loadBuiltin("node:module"), "_cache");
  return Object.values(Object(cache)).some((module) => readMember(module, "exports") === service);
}

/** Returns a member; `undefined` if the value is no object or its getter throws. */
export function readMember(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value), name);
  } catch {
    return undefined; // some members exist only in some programs, or not yet
  }
}

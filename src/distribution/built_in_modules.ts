import { loadBuiltin } from "../util/mod.ts";

/**
 * Modules of the runtimes with functions, and two names that each exports. Loading all of them
 * takes 100 ms, and some warn that they are deprecated: only one whose names an object has is
 * loaded, and then compared.
 */
const MODULES: Readonly<Record<string, readonly [string, string]>> = {
  "bun": ["spawnSync", "serve"],
  "bun:ffi": ["dlopen", "linkSymbols"],
  "bun:jsc": ["heapStats", "fullGC"],
  "node:assert": ["deepStrictEqual", "AssertionError"],
  "node:assert/strict": ["deepStrictEqual", "AssertionError"],
  "node:async_hooks": ["executionAsyncId", "createHook"],
  "node:buffer": ["transcode", "SlowBuffer"],
  "node:child_process": ["execFileSync", "spawn"],
  "node:cluster": ["setupPrimary", "fork"],
  "node:console": ["log", "Console"],
  "node:crypto": ["createHash", "randomBytes"],
  "node:dgram": ["createSocket", "Socket"],
  "node:diagnostics_channel": ["channel", "hasSubscribers"],
  "node:dns": ["lookupService", "resolveAny"],
  "node:dns/promises": ["lookupService", "resolveAny"],
  "node:domain": ["createDomain", "create"],
  "node:events": ["once", "EventEmitter"],
  "node:fs": ["readFileSync", "rmSync"],
  "node:fs/promises": ["readFile", "mkdtemp"],
  "node:http": ["createServer", "STATUS_CODES"],
  "node:http2": ["createSecureServer", "getDefaultSettings"],
  "node:https": ["createServer", "globalAgent"],
  "node:inspector": ["waitForDebugger", "Session"],
  "node:inspector/promises": ["waitForDebugger", "Session"],
  "node:module": ["createRequire", "isBuiltin"],
  "node:net": ["createServer", "isIPv6"],
  "node:os": ["cpus", "hostname"],
  "node:path": ["dirname", "basename"],
  "node:path/posix": ["dirname", "basename"],
  "node:path/win32": ["dirname", "basename"],
  "node:perf_hooks": ["monitorEventLoopDelay", "performance"],
  "node:process": ["cwd", "nextTick"],
  "node:punycode": ["toASCII", "ucs2"],
  "node:querystring": ["unescapeBuffer", "unescape"],
  "node:readline": ["emitKeypressEvents", "createInterface"],
  "node:readline/promises": ["createInterface", "Readline"],
  "node:repl": ["start", "REPLServer"],
  "node:sea": ["isSea", "getAsset"],
  "node:sqlite": ["backup", "DatabaseSync"],
  "node:stream": ["pipeline", "PassThrough"],
  "node:stream/consumers": ["arrayBuffer", "blob"],
  "node:stream/promises": ["pipeline", "finished"],
  "node:stream/web": ["ReadableStream", "WritableStream"],
  "node:test": ["describe", "mock"],
  "node:test/reporters": ["spec", "tap"],
  "node:timers": ["setImmediate", "clearImmediate"],
  "node:timers/promises": ["setTimeout", "scheduler"],
  "node:tls": ["createSecureContext", "getCiphers"],
  "node:trace_events": ["createTracing", "getEnabledCategories"],
  "node:tty": ["isatty", "ReadStream"],
  "node:url": ["fileURLToPath", "pathToFileURL"],
  "node:util": ["promisify", "inspect"],
  "node:util/types": ["isProxy", "isPromise"],
  "node:v8": ["getHeapStatistics", "serialize"],
  "node:vm": ["runInNewContext", "createContext"],
  "node:worker_threads": ["receiveMessageOnPort", "isMainThread"],
  "node:zlib": ["gzipSync", "inflateSync"],
};

/**
 * Returns the name of the runtime's module whose functions an object has, such as `node:fs`: the
 * module, its namespace by `import *`, a copy, or an object made of it; `undefined` for others.
 */
export function findBuiltInModule(service: object): string | undefined {
  if (typeof globalThis.process?.getBuiltinModule !== "function") return undefined;
  let level: object | null = service;
  while (level !== null) {
    const name = findOwnModule(level);
    if (name !== undefined) return name;
    level = Object.getPrototypeOf(level);
  }
  return undefined;
}

/** Returns the name of the module whose functions are own members of an object. */
function findOwnModule(level: object): string | undefined {
  return Object.keys(MODULES).find((name) => {
    if (MODULES[name]?.every((member) => Object.hasOwn(level, member)) !== true) return false;
    const module: unknown = loadBuiltin(name);
    if (module === undefined) return false; // another runtime has it
    return module === level || module === readOwn(level, "default") ||
      isCopy(level, Object(module));
  });
}

/** Whether an object has all functions of a module. */
function isCopy(level: object, module: object): boolean {
  const functions = Object.entries(Object.getOwnPropertyDescriptors(module))
    .filter(([, { value, enumerable }]) => enumerable === true && typeof value === "function");
  return functions.length > 0 &&
    functions.every(([name, { value }]) => readOwn(level, name) === value);
}

/** Returns the value of an own member; no getter runs. */
function readOwn(level: object, name: string): unknown {
  try {
    return Object.getOwnPropertyDescriptor(level, name)?.value;
  } catch {
    return undefined; // an export that is not initialized yet
  }
}

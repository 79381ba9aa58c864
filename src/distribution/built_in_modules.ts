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
 * Returns the name of the runtime's module that an object is, such as `node:fs`, by its default
 * export or as the namespace of `import *`; `undefined` for others.
 */
export function findBuiltInModule(service: object): string | undefined {
  if (typeof globalThis.process?.getBuiltinModule !== "function") return undefined;
  const hasBoth = ([first, second]: readonly [string, string]) =>
    Object.hasOwn(service, first) && Object.hasOwn(service, second);
  const named = Object.entries(MODULES).filter(([, names]) => hasBoth(names));
  if (named.length === 0) return undefined;
  const inner = readDefault(service);
  return named.map(([name]) => name).find((name) => {
    const module: unknown = loadBuiltin(name);
    return module !== undefined && (module === service || module === inner);
  });
}

/** Returns the default export of a namespace; no getter runs. */
function readDefault(service: object): unknown {
  try {
    return Object.getOwnPropertyDescriptor(service, "default")?.value;
  } catch {
    return undefined; // it is not initialized yet
  }
}

/**
 * The rules of the layers as data: which folder may import which, and which file may use what
 * lies outside of the project.
 *
 * @module
 */

/** Something outside of the project that only the listed files may use. */
export interface OutsideThing {
  readonly name: string;
  /** Matches specifiers of imports. */
  readonly imports?: RegExp;
  /** Matches code without comments and strings. */
  readonly code?: RegExp;
  /** Files, or folders with a final slash, that may use it. */
  readonly allowed: readonly string[];
}

const CONTRACTS_AND_BELOW = [
  "discovery",
  "distribution",
  "endpoint",
  "framework",
  "xmlrpc",
  "etcd",
  "http",
  "xml",
  "util",
];
const PROVIDERS = ["discovery/*", "distribution/*"];
const HOST_MAY_IMPORT = ["telemetry", "calls", "rsa", ...CONTRACTS_AND_BELOW, ...PROVIDERS];

/**
 * Folders of `src/` that each folder may import, besides itself. `discovery/*` and
 * `distribution/*` are the providers: folders below their contract, which the contract itself
 * never imports.
 */
export const ALLOWED_IMPORTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["util", []],
  ["xml", ["util"]],
  ["http", ["util"]],
  ["etcd", ["util"]],
  ["xmlrpc", ["http", "xml", "util"]],
  ["framework", ["util"]],
  ["endpoint", ["framework", "xml", "util"]],
  ["distribution", ["endpoint", "framework", "util"]],
  ["distribution/*", ["distribution", "endpoint", "framework", "http", "xmlrpc", "util"]],
  ["discovery", ["endpoint", "framework", "util"]],
  ["discovery/*", ["discovery", "endpoint", "etcd", "framework", "util"]],
  ["rsa", ["discovery", "distribution", "endpoint", "framework", "util"]],
  ["calls", ["distribution", "endpoint", "framework", "rsa", "util"]],
  ["telemetry", ["discovery", "distribution", "endpoint", "framework", "http", "xmlrpc", "util"]],
  ["host", HOST_MAY_IMPORT],
  ["web", ["host", ...HOST_MAY_IMPORT]],
  ["mcp", ["host", ...HOST_MAY_IMPORT]],
  ["shell", ["web", "host", ...HOST_MAY_IMPORT]],
  ["cli", ["shell", "mcp", "web", "host", ...HOST_MAY_IMPORT]],
]);

const CLOCK = ["src/util/clock.ts"];

/** What lies outside of the project, and the files of `src/` that may use it. */
export const OUTSIDE_THINGS: readonly OutsideThing[] = [
  {
    name: "grpc-js",
    imports: /@grpc\/grpc-js\b/,
    allowed: ["src/etcd/transport/grpc_js.ts"],
  },
  {
    name: "proto-loader",
    imports: /@grpc\/proto-loader\b|\bprotobufjs\b/,
    allowed: ["src/etcd/transport/grpc_js.ts"],
  },
  {
    name: "a socket",
    imports: /^node:(?:http2|net|tls)$/,
    allowed: [
      "src/etcd/transport/dial.ts",
      "src/etcd/transport/credentials.ts",
      "src/http/client/socket_dialer.ts",
      "src/http/server/adapters/node_server.ts",
      "src/http/server/page_guard.ts",
      "src/etcd/transport/frame_guard.ts",
    ],
  },
  {
    name: "the SDK of MCP",
    imports: /@modelcontextprotocol\/sdk\b/,
    allowed: ["src/mcp/mcp_session.ts", "src/mcp/stdio_transport.ts"],
  },
  {
    name: "xmlbuilder2",
    imports: /\bxmlbuilder2\b/,
    allowed: ["src/endpoint/edef/edef_writer.ts"],
  },
  {
    name: "Deno.serve",
    code: /\bDeno\.serve\b/,
    allowed: ["src/http/server/adapters/deno_server.ts"],
  },
  {
    name: "node:http",
    imports: /^node:https?$/,
    allowed: [
      "src/http/server/adapters/node_server.ts",
      "src/http/server/adapters/node_messages.ts",
      "src/http/server/adapters/node_body.ts",
    ],
  },
  {
    name: "the terminal",
    imports: /^node:(?:readline(?:\/promises)?|tty)$/,
    code: /\b(?:process|Deno)\.stdin\b/,
    allowed: ["src/shell/terminal.ts", "src/mcp/stdio_transport.ts"],
  },
  {
    name: "a standard stream, the environment or the arguments of the process",
    code: /\bprocess\.(?:stdout|stderr|env|argv)\b/,
    allowed: ["src/cli/output/standard_io.ts", "src/shell/terminal.ts"],
  },
  {
    name: "a module by its name",
    code: /\bgetBuiltinModule\b/,
    allowed: [
      "src/util/runtime/builtins.ts",
      "src/distribution/built_in_classes.ts",
      "src/distribution/built_in_modules.ts",
    ],
  },
  {
    name: "another program",
    imports: /^node:child_process$/,
    code: /\bDeno\.Command\b/,
    allowed: [],
  },
  {
    name: "a built-in that Node 22 lacks",
    code:
      /\b(?:Async)?DisposableStack\b|\bSuppressedError\b|\bPromise\.try\b|\bRegExp\.escape\b|\bError\.isError\b|\.(?:to|from)(?:Base64|Hex)\(/,
    allowed: [],
  },
  {
    name: "Deno's own API",
    code: /\bDeno\b(?!\.(?:serve|stdin|Command)\b)/,
    allowed: [
      "src/http/server/adapters/deno_server.ts",
      "src/http/server/adapters/server_choice.ts",
      "src/util/runtime/permissions.ts",
      "src/util/runtime/signal_pipe.ts",
      ...CLOCK,
    ],
  },
  {
    name: "a timer",
    imports: /^node:timers(?:\/promises)?$/,
    code:
      /(?<![\w$.#])(?:globalThis\.)?set(?:Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b/,
    allowed: [...CLOCK, "src/util/runtime/event_loop.ts"],
  },
  {
    name: "the clock",
    code:
      /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*\(|\w))|(?<![\w$.#]|new )Date\(\s*\)|\bperformance\.now\b/,
    allowed: CLOCK,
  },
  {
    name: "an event listener, such as that of a signal",
    code: /\.addEventListener\b/,
    allowed: ["src/util/waiting.ts"],
  },
  {
    name: "randomness",
    code: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\brandomBytes\b/,
    allowed: CLOCK,
  },
];

/** Packages that `src/` may import at all; the files are in {@link OUTSIDE_THINGS}. */
export const PACKAGES =
  /^(?:npm:)?(?:@grpc\/grpc-js|@grpc\/proto-loader|xmlbuilder2|@modelcontextprotocol\/sdk)(?:@[^/]*)?(?:$|\/)/;

const GENERATED_FOLDERS = ["src/etcd/transport/generated/", "src/web/generated/"];

/** Whether a file is made by a program: it is exempt from the rules of style. */
export function isGenerated(path: string): boolean {
  return GENERATED_FOLDERS.some((folder) => path.startsWith(folder));
}

/** Longest file of `src/`, `scripts/` and `examples/`, in lines. */
export const MAX_LINES = 300;

/** Longest function of these folders, in lines. */
export const MAX_FUNCTION_LINES = 40;

/** File names that have the same meaning in every folder. */
export const SHARED_NAMES: ReadonlySet<string> = new Set([
  "mod.ts",
  "options.ts",
  "errors.ts",
  "client.ts",
]);

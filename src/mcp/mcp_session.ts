import { Server } from "@modelcontextprotocol/sdk/server";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { Filter } from "../framework/mod.ts";
import type { RemoteServices } from "../host/mod.ts";
import {
  checkOptionNames,
  checkTimeout,
  type Logger,
  SILENT,
  type Subscription,
  SYSTEM_CLOCK,
  type Timer,
  toMessage,
  toPrintable,
} from "../util/mod.ts";
import type { McpTransport } from "./mcp_transport.ts";
import { callTool } from "./tool_call.ts";
import { type ServiceTool, ToolCatalog } from "./tool_catalog.ts";

/** Settings of {@link serveMcp}; all may be left out. */
export interface McpOptions {
  /** LDAP filter of the endpoints whose methods become tools. @default all */
  readonly filter?: string;
  /**
   * Names of the methods by interface. Needed for services of iPOPO and ECF, which advertise
   * none; for other services they replace the advertised ones.
   * @default those that the endpoints advertise
   */
  readonly methods?: Readonly<Record<string, readonly string[]>>;
  /** Longest time of a call in milliseconds. @default that of the endpoint, or 30000 */
  readonly timeoutMs?: number;
  /** Name of the server that clients show. @default "remote-services" */
  readonly name?: string;
  /** Version of the server that clients show. @default "0.0.0" */
  readonly version?: string;
  /** Receives log records. @default silent */
  readonly logger?: Logger;
}

const NAMES: Readonly<Record<keyof McpOptions, true>> = {
  filter: true,
  methods: true,
  timeoutMs: true,
  name: true,
  version: true,
  logger: true,
};

const INSTRUCTIONS = "Each tool calls a method of a service that is registered in etcd. The " +
  'arguments of the method go into the array "arguments", in order. A failed call has a code; ' +
  "isExecuted says whether the method ran: repeat a call only if it is false.";

/**
 * State of the client. Before it may be notified, it knows nothing, or a list of the tools that is
 * up to date or stale. A client that is `ready` is notified of changes.
 */
type ClientState = "new" | "listed" | "stale" | "ready";

/** Tools of one page of a list. */
const PAGE_SIZE = 500;
/** Time in which changes of the tools are announced together. */
const ANNOUNCE_AFTER_MS = 50;

/**
 * Serves the methods of discovered services as tools of the Model Context Protocol, over one
 * connection. Tools come and go with their endpoints, and the client is notified. An argument
 * of a tool is one array with the arguments of the method.
 *
 * @example
 * ```ts
 * // @ts-types="@modelcontextprotocol/sdk/inMemory"
 * import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { serveMcp } from "@remote-services/etcd3/mcp";
 *
 * await using host = await remoteServices({ discovery: [memory()] });
 * const [transport, _client] = InMemoryTransport.createLinkedPair();
 * await using session = await serveMcp(host, transport, { filter: "(objectClass=com.example.*)" });
 * console.log(session.toolNames); // []
 * ```
 * @throws {FilterSyntaxError} if the filter is invalid
 * @throws {TypeError} on an option that does not exist
 * @throws {RangeError} if `timeoutMs` is invalid
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 */
export async function serveMcp(
  host: RemoteServices,
  transport: McpTransport,
  options: McpOptions = {},
): Promise<McpSession> {
  checkOptionNames(options, { path: "", known: Object.keys(NAMES) });
  if (options.timeoutMs !== undefined) checkTimeout(options.timeoutMs);
  const session = new McpSession(host, options);
  await session.open(transport);
  return session;
}

/** A connection to a client whose tools are the methods of services. */
export class McpSession implements AsyncDisposable {
  readonly #host: RemoteServices;
  readonly #options: McpOptions;
  readonly #logger: Logger;
  readonly #catalog: ToolCatalog;
  readonly #server: Server;
  readonly #closed = Promise.withResolvers<void>();
  #subscription: Subscription | undefined;
  #announcement: Timer | undefined;
  #client: ClientState = "new";

  /** Use {@link serveMcp}. */
  constructor(host: RemoteServices, options: McpOptions) {
    const { filter, methods, name = "remote-services", version = "0.0.0" } = options;
    this.#host = host;
    this.#options = options;
    this.#logger = options.logger ?? SILENT;
    this.#catalog = new ToolCatalog({
      filter: filter === undefined ? undefined : new Filter(filter),
      configurationTypes: host.admin.importProviders.flatMap(({ importedConfigs }) =>
        importedConfigs
      ),
      methods,
      logger: this.#logger,
    });
    this.#server = new Server({ name, version }, {
      capabilities: { tools: { listChanged: true } },
      instructions: INSTRUCTIONS,
    });
  }

  /** Names of the tools as they are now. */
  get toolNames(): readonly string[] {
    return this.#catalog.tools.map(({ name }) => name);
  }

  /** Resolves once the connection has ended. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Begins to serve a connection; called by {@link serveMcp}. */
  async open(transport: McpTransport): Promise<void> {
    const server = this.#server;
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => this.#list(params?.cursor));
    server.setRequestHandler(
      CallToolRequestSchema,
      async ({ params }, { signal }) => ({ ...await this.#call(params, signal) }),
    );
    server.oninitialized = () => this.#onInitialized();
    server.onclose = () => this.#end();
    server.onerror = (error) => this.#logger.warn(`MCP: ${toPrintable(toMessage(error))}`);
    this.#subscription = this.#host.onEndpoint((event) => {
      if (this.#catalog.apply(event)) this.#announce();
    });
    try {
      await server.connect(transport);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** Ends the connection; running calls end with it. */
  async close(): Promise<void> {
    await this.#server.close();
    this.#end();
  }

  /** Same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #end(): void {
    this.#subscription?.close();
    this.#announcement?.cancel();
    this.#closed.resolve();
  }

  #onInitialized(): void {
    const isStale = this.#client === "stale";
    this.#client = "ready";
    if (isStale) this.#announce();
  }

  #list(cursor: string | undefined) {
    if (this.#client !== "ready") this.#client = "listed";
    const { tools } = this.#catalog;
    // The name before the page, so that a list that changes meanwhile skips no tool.
    const start = cursor === undefined ? 0 : tools.findIndex(({ name }) => name > cursor);
    const page = start < 0 ? [] : tools.slice(start, start + PAGE_SIZE);
    const last = page.at(-1);
    const hasMore = last !== undefined && last !== tools.at(-1);
    return { tools: page.map(describeTool), ...(hasMore ? { nextCursor: last.name } : {}) };
  }

  async #call(
    { name, arguments: input }: {
      readonly name: string;
      readonly arguments?: unknown;
    },
    signal: AbortSignal,
  ) {
    const tool = this.#catalog.find(name);
    if (tool === undefined) {
      const message = `No tool ${toPrintable(name)}: its service has left, or never existed`;
      // An `McpError` has its code in its message too, and the client adds that again.
      throw Object.assign(new Error(message), { code: ErrorCode.InvalidParams });
    }
    const isOffered = (endpointId: unknown) => this.#catalog.isOffered(name, endpointId);
    const { timeoutMs } = this.#options;
    return await callTool(this.#host, { tool, input, isOffered, signal, timeoutMs });
  }

  #announce(): void {
    if (this.#client === "listed") this.#client = "stale";
    if (this.#client !== "ready" || this.#announcement !== undefined) return;
    this.#announcement = SYSTEM_CLOCK.startTimer(ANNOUNCE_AFTER_MS, () => {
      this.#announcement = undefined;
      this.#server.sendToolListChanged().catch((error) => this.#server.onerror?.(error));
    });
  }
}

function describeTool({ name, interfaceName, method }: ServiceTool) {
  return {
    name,
    title: `${method} of ${interfaceName}`,
    description: `Calls the method ${method} of the service ${interfaceName}.`,
    inputSchema: {
      type: "object" as const,
      properties: {
        arguments: { type: "array", items: {}, description: "Arguments of the method, in order" },
      },
      additionalProperties: false,
    },
    annotations: { openWorldHint: true },
  };
}

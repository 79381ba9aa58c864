import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/inMemory"
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  memory,
  RemoteFault,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../mod.ts";
import { type McpOptions, serveMcp } from "../../src/mcp/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** An exporter, and a client of the tools that another host serves. */
class World implements AsyncDisposable {
  readonly client = new Client({ name: "test", version: "1" });
  readonly #stack = new AsyncDisposableStack();
  readonly #changes: (() => void)[] = [];

  private constructor(
    readonly exporter: RemoteServices,
    readonly host: RemoteServices,
  ) {}

  static async create(
    options: McpOptions = {},
    hostOptions: RemoteServicesOptions = {},
  ): Promise<World> {
    const discovery = [memory()];
    const quick = { drainMs: 0, drainTimeoutMs: 0 };
    const own = { discovery, http: { port: 0 }, ...hostOptions, ...quick };
    const exporter = await remoteServices(own);
    const host = await remoteServices({ discovery, ...hostOptions, ...quick });
    const world = new World(exporter, host);
    world.#stack.use(exporter);
    world.#stack.use(host);
    world.client.setNotificationHandler(
      ToolListChangedNotificationSchema,
      () => world.#changes.shift()?.(),
    );
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    world.#stack.use(await serveMcp(host, mine, options));
    await world.client.connect(theirs);
    world.#stack.defer(() => world.client.close());
    return world;
  }

  /** Resolves with the next notification of a change. */
  change(): Promise<void> {
    return new Promise((resolve) => void this.#changes.push(resolve));
  }

  async names(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  call(name: string, ...parameters: unknown[]) {
    return this.client.callTool({ name, arguments: { arguments: parameters } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

const asArray = 'Cannot call: give the arguments as one array, as in {"arguments": [1, "text"]}';
const failure = (code: string, isExecuted: unknown, message: string, details = {}) => ({
  content: [{ type: "text", text: `${code}: ${message}` }],
  structuredContent: { code, isExecuted, message, ...details },
  isError: true,
});

Deno.test("serveMcp lists a service's methods as tools and calls them", async () => {
  await using world = await World.create();
  const changed = world.change();
  await world.exporter.register("com.example.Echo", {
    echo: (...values: unknown[]) => values,
    nothing: () => {},
    odd: () => ({ at: new Date(0), bytes: new Uint8Array([1, 2]), big: 2n ** 53n }),
  });
  await changed;
  const { tools } = await world.client.listTools();
  assert.deepEqual(tools[0], {
    name: "com_example_Echo__echo",
    title: "echo of com.example.Echo",
    description: "Calls the method echo of the service com.example.Echo.",
    inputSchema: {
      type: "object",
      properties: {
        arguments: { type: "array", items: {}, description: "Arguments of the method, in order" },
      },
      additionalProperties: false,
    },
    annotations: { openWorldHint: true },
  });
  assert.equal(tools.length, 3);
  const { content } = await world.call("com_example_Echo__echo", "a", 1, [true, null]);
  assert.deepEqual(content, [{ type: "text", text: '["a",1,[true,null]]' }]);
  const nothing = await world.client.callTool({ name: "com_example_Echo__nothing" });
  assert.deepEqual(nothing.content, [{ type: "text", text: "null" }]);
  const odd = await world.call("com_example_Echo__odd");
  assert.deepEqual(odd.content, [
    {
      type: "text",
      text: '{"at":"1970-01-01T00:00:00.000Z","bytes":"AQI=","big":"9007199254740992"}',
    },
  ]);
});

Deno.test("serveMcp notifies the client when tools go, and refuses to call them", async () => {
  await using world = await World.create();
  const came = world.change();
  const registration = await world.exporter.register("com.example.Echo", { echo: () => 1 });
  await came;
  assert.deepEqual(await world.names(), ["com_example_Echo__echo"]);
  const went = world.change();
  await registration.close();
  await went;
  assert.deepEqual(await world.names(), []);
  await assert.rejects(
    world.call("com_example_Echo__echo"),
    /^McpError: MCP error -32602: No tool com_example_Echo__echo: its service has left, or never existed/,
  );
});

Deno.test("serveMcp returns a failed call as a tool error with its code", async () => {
  const clock = new VirtualClock();
  await using world = await World.create({ timeoutMs: 2000 }, { clock });
  const changed = world.change();
  const [called, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await world.exporter.register("com.example.Shop", {
    buy() {
      throw new RemoteFault(42, "sold out");
    },
    wait() {
      called.resolve();
      return held.promise;
    },
  });
  await changed;
  assert.deepEqual(
    await world.call("com_example_Shop__buy"),
    failure("fault", true, "sold out", { faultCode: 42 }),
  );
  const waiting = world.call("com_example_Shop__wait");
  await called.promise;
  await clock.advance(2000);
  const { structuredContent } = await waiting;
  const { code, isExecuted } = Object(structuredContent);
  assert.deepEqual([code, isExecuted], ["timeout", "unknown"]);
  held.resolve();
  assert.deepEqual(
    await world.client.callTool({ name: "com_example_Shop__buy", arguments: { arguments: "tea" } }),
    failure("not-sendable", false, asArray),
  );
  assert.deepEqual(
    await world.client.callTool({
      name: "com_example_Shop__buy",
      arguments: { arguments: [], item: "tea" },
    }),
    failure("not-sendable", false, asArray),
  );
});

Deno.test("serveMcp returns a call that reaches no server as a tool error", async () => {
  await using world = await World.create();
  const changed = world.change();
  await world.exporter.register("com.example.Shop", { buy: () => "tea" });
  await changed;
  await world.exporter.http?.close();
  const { structuredContent } = await world.call("com_example_Shop__buy");
  assert.equal(Object(structuredContent).code, "unreachable");
});

Deno.test("serveMcp ends a call when the client cancels it", async () => {
  await using world = await World.create();
  const changed = world.change();
  const started = Promise.withResolvers<AbortSignal | undefined>();
  const { currentCall } = await import("../../mod.ts");
  await world.exporter.register("com.example.Slow", {
    wait() {
      const { signal } = currentCall() ?? {};
      started.resolve(signal);
      return new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
    },
  });
  await changed;
  const abort = new AbortController();
  const call = world.client.callTool(
    { name: "com_example_Slow__wait" },
    undefined,
    { signal: abort.signal },
  );
  const signal = await started.promise;
  assert.ok(signal);
  const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
  abort.abort(new Error("changed my mind"));
  await assert.rejects(call, /changed my mind/);
  await ended;
});

Deno.test("serveMcp notifies a client that has listed the tools before it was ready", async () => {
  const discovery = [memory()];
  await using exporter = await remoteServices({ discovery, http: { port: 0 }, drainMs: 0 });
  await using host = await remoteServices({ discovery });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await using _session = await serveMcp(host, mine);
  const seen: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  theirs.onmessage = (message) => void (waiting.shift() ?? ((one) => seen.push(one)))(message);
  const receive = () => new Promise((resolve) => void waiting.push(resolve));
  const ask = (id: number, method: string, params = {}) => {
    const reply = receive();
    theirs.send({ jsonrpc: "2.0", id, method, params });
    return reply;
  };
  await ask(1, "initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "early", version: "1" },
  });
  assert.deepEqual(await ask(2, "tools/list"), { jsonrpc: "2.0", id: 2, result: { tools: [] } });
  const known = Promise.withResolvers<void>();
  using _subscription = host.onEndpoint(() => known.resolve());
  await exporter.register("com.example.Echo", { echo: () => 1 });
  await known.promise;
  const notified = receive();
  assert.deepEqual(seen, [], "it is not ready yet");
  theirs.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  assert.equal(Object(await notified).method, "notifications/tools/list_changed");
});

Deno.test("serveMcp lists many tools in pages", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `m${index}`);
  const interfaces = Array.from({ length: 9 }, (_, index) => `com.example.S${index}`);
  const methods = Object.fromEntries(interfaces.map((name) => [name, names]));
  await using world = await World.create({ methods });
  const changed = world.change();
  await world.exporter.register(interfaces, { m0: () => 1 });
  await changed;
  const seen: string[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.client.listTools(cursor === undefined ? {} : { cursor });
    sizes.push(page.tools.length);
    seen.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.ok(sizes.every((size) => size <= 500));
  assert.equal(seen.length, 9 * 120);
  assert.deepEqual(seen, [...new Set(seen)].sort());
});

Deno.test("serveMcp checks its options and ends with the connection", async () => {
  await using host = await remoteServices({ discovery: [memory()] });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await assert.rejects(serveMcp(host, mine, { filter: "(" }), { name: "FilterSyntaxError" });
  await assert.rejects(serveMcp(host, mine, { timeoutMs: 0 }), RangeError);
  await assert.rejects(serveMcp(host, mine, Object({ filters: "" })), /filters/);
  const session = await serveMcp(host, mine);
  await theirs.close();
  await session.closed;
  await session.close();
});

Deno.test("serveMcp bounds and escapes the message of a failed call", async () => {
  await using world = await World.create();
  const changed = world.change();
  await world.exporter.register("com.example.Shop", {
    buy() {
      throw new RemoteFault(42, `\u202e\n${"x".repeat(1_000_000)}`);
    },
  });
  await changed;
  const { content } = await world.call("com_example_Shop__buy");
  const [{ text = "" } = {}] = Array.isArray(content) ? content : [];
  assert.match(text, /^fault: \\u\{202e\}\\u\{a\}x+\.\.\.$/);
  assert.ok(text.length < 2100, `${text.length} characters`);
});

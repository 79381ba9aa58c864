import process from "node:process";
// @ts-types="@modelcontextprotocol/sdk/server/stdio"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { McpTransport } from "./mcp_transport.ts";

/**
 * Creates the transport over the standard streams of this process, which then must not be used
 * for anything else. It ends with the standard input, when the client has gone.
 *
 * @example
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { createStdioTransport, serveMcp } from "@remote-services/etcd3/mcp";
 *
 * async function serve() {
 *   await using host = await remoteServices({ discovery: [memory()] });
 *   const session = await serveMcp(host, createStdioTransport());
 *   await session.closed;
 * }
 * ```
 */
export function createStdioTransport(): McpTransport {
  const transport = new StdioServerTransport();
  process.stdin.once("end", () => void transport.close());
  return transport;
}

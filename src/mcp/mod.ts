/**
 * Methods of discovered services as tools of the Model Context Protocol.
 *
 * This entry point needs the package `@modelcontextprotocol/sdk`, which no other one loads.
 *
 * ```ts
 * import { remoteServices } from "@remote-services/etcd3";
 * import { createStdioTransport, serveMcp } from "@remote-services/etcd3/mcp";
 *
 * async function serve() {
 *   const etcd = { endpoints: "localhost:2379", observe: true };
 *   await using host = await remoteServices({ etcd });
 *   const options = { filter: "(objectClass=com.example.*)" };
 *   await using session = await serveMcp(host, createStdioTransport(), options);
 *   await session.closed;
 * }
 * ```
 *
 * @module
 */
export { type McpOptions, type McpSession, serveMcp } from "./mcp_session.ts";
export type { McpMessage, McpTransport } from "./mcp_transport.ts";
export { createStdioTransport } from "./stdio_transport.ts";

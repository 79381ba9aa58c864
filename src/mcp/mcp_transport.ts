/** Message of JSON-RPC 2.0. */
export interface McpMessage {
  /** Always "2.0". */
  readonly jsonrpc: "2.0";
}

/**
 * Connection to a client of the Model Context Protocol. The transports of the official SDK have
 * this form.
 */
export interface McpTransport {
  /** Begins to receive messages. */
  start(): Promise<void>;
  /** Sends a message. */
  send(message: McpMessage): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
  /** Called for each message that arrives. */
  onmessage?(message: McpMessage): void;
  /** Called when the connection has ended. */
  onclose?(): void;
  /** Called for an error that does not end the connection. */
  onerror?(error: Error): void;
}

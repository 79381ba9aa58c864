/**
 * The contract of an HTTP server that has limits. It needs no test runner of its own, and runs on
 * Deno, Node and Bun.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { toResponder } from "../../src/http/server/responder.ts";
import type { HttpServerLimits } from "../../src/http/server/http_server.ts";
import type { RegisterTest, ServerUnderTest } from "./contract.ts";

const HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\n";

/** A raw connection: what came, and its end. */
interface RawConnection {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
}

function open(port: number): RawConnection {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => text += String(chunk)).on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return { socket, received: () => text, closed };
}

/** Registers the tests of limits for one implementation. */
export function testHttpServerLimits(test: RegisterTest, { name, listen }: ServerUnderTest): void {
  const define = (
    claim: string,
    limits: HttpServerLimits,
    run: (port: number) => Promise<void>,
  ) =>
    test(`${name} ${claim}`, async () => {
      const failures: unknown[] = [];
      const onFailure = (error: unknown) => void failures.push(error);
      const server = await listen(
        { hostname: "127.0.0.1", port: 0, limits, onFailure },
        toResponder(async (request) => new Response(await request.text())),
      );
      try {
        await run(server.port);
        assert.deepEqual(failures, []);
      } finally {
        server.cut();
        await server.stop();
      }
    });

  define("closes a connection whose head does not end in time", {
    headersTimeoutMs: 100,
  }, async (port) => {
    const slow = open(port);
    slow.socket.write(HEAD);
    await slow.closed;
    assert.doesNotMatch(slow.received(), /^HTTP\/1\.1 2/);
  });

  define("closes a connection whose request does not end in time", {
    headersTimeoutMs: 100,
    requestTimeoutMs: 200,
  }, async (port) => {
    const slow = open(port);
    slow.socket.write(`${HEAD}Content-Length: 10\r\n\r\nbegin`);
    await slow.closed;
    assert.doesNotMatch(slow.received(), /^HTTP\/1\.1 2/);
  });

  define("closes a connection that is idle for too long", {
    keepAliveTimeoutMs: 50,
  }, async (port) => {
    const idle = open(port);
    idle.socket.write(`${HEAD}Content-Length: 2\r\n\r\nhi`);
    await idle.closed;
    assert.match(idle.received(), /^HTTP\/1\.1 200 .*hi$/s);
  });

  define("closes connections beyond the limit, and accepts others once one has closed", {
    maxConnections: 2,
  }, async (port) => {
    const echo = async (connection: RawConnection) => {
      const answered = new Promise<void>((resolve) =>
        connection.socket.once("data", () => resolve())
      );
      connection.socket.write(`${HEAD}Content-Length: 2\r\n\r\nhi`);
      await Promise.race([answered, connection.closed]);
      return connection.received().startsWith("HTTP/1.1 200");
    };
    const [first, second] = [open(port), open(port)];
    assert.deepEqual([await echo(first), await echo(second)], [true, true]);
    assert.equal(await echo(open(port)), false);
    first.socket.destroy();
    await first.closed;
    let isAccepted = false;
    while (!isAccepted) isAccepted = await echo(open(port)); // once the server has seen the end
    second.socket.destroy();
    await second.closed;
  });
}

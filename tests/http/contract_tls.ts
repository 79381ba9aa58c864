/**
 * The contract of an HTTPS server. It needs no test runner of its own, and runs on Deno, Node and
 * Bun.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { HttpClient, parseHttpTarget } from "../../src/http/mod.ts";
import type { HttpServerTls } from "../../src/http/server/http_server.ts";
import { toResponder } from "../../src/http/server/responder.ts";
import type { RegisterTest, ServerUnderTest } from "./contract.ts";

/** Registers the tests of HTTPS for one implementation that can change its certificate. */
export function testHttpsServer(
  test: RegisterTest,
  { name, listen }: ServerUnderTest,
  certificates: () => Promise<{ ca: string; first: HttpServerTls; second: HttpServerTls }>,
): void {
  test(`${name} serves HTTPS and changes its certificate between two connections`, async () => {
    const { ca, first, second } = await certificates();
    const options = { hostname: "127.0.0.1", port: 0, tls: first, onFailure() {} };
    const server = await listen(options, toResponder(({ url }) => new Response(url)));
    const target = parseHttpTarget(`https://127.0.0.1:${server.port}/`);
    const fetchOnce = async (tls: { ca: string }) => {
      await using client = new HttpClient({ tls });
      return (await client.request({ target })).status;
    };
    assert.equal(await fetchOnce({ ca }), 200);
    // Bun cannot change it; the service then listens anew (docs/http-server.md).
    assert.equal(server.reloadTls === undefined, "Bun" in globalThis);
    if (server.reloadTls !== undefined) {
      server.reloadTls(second);
      await assert.rejects(fetchOnce({ ca }), { code: "unreachable" });
      assert.equal(await fetchOnce({ ca: second.cert }), 200);
    }
    server.cut();
    await server.stop();
  });

  if ("Bun" in globalThis) return; // it has no limit of the handshake (docs/http-server.md)
  test(`${name} closes connections whose handshake does not end, so that others find room`, async () => {
    const { ca, first } = await certificates();
    const limits = { headersTimeoutMs: 1000, maxConnections: 2 };
    const options = { hostname: "127.0.0.1", port: 0, tls: first, limits, onFailure() {} };
    const server = await listen(options, toResponder(() => new Response()));
    const sockets = ["", "\x16\x03\x01"].map((bytes) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.write(bytes));
      return new Promise<void>((resolve) => socket.resume().on("close", () => resolve()));
    });
    await Promise.all(sockets);
    await using client = new HttpClient({ tls: { ca } });
    const target = parseHttpTarget(`https://127.0.0.1:${server.port}/`);
    assert.equal((await client.request({ target })).status, 200);
    server.cut();
    await server.stop();
  });
}

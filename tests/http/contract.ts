/**
 * The contract of an HTTP server. It needs no test runner of its own, and runs on Deno, Node
 * and Bun.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { HttpClient, parseHttpTarget } from "../../src/http/mod.ts";
import type { HttpListen, HttpServer } from "../../src/http/server/http_server.ts";
import { type Servlet, toResponder } from "../../src/http/server/responder.ts";

/** Registers a test. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Implementation that the suite tests. */
export interface ServerUnderTest {
  /** Name in the titles, such as `Deno.serve`. */
  readonly name: string;
  readonly listen: HttpListen;
}

/** A server that a test uses, and the failures that it reported. */
interface Fixture {
  readonly server: HttpServer;
  readonly client: HttpClient;
  readonly failures: unknown[];
  request(path: string, body?: string): Promise<[status: number, body: string]>;
}

/** Registers the tests of the contract for one implementation. */
export function testHttpServer(test: RegisterTest, { name, listen }: ServerUnderTest): void {
  const define = (
    claim: string,
    handler: Servlet,
    run: (fixture: Fixture) => Promise<void>,
  ) => test(`${name} ${claim}`, () => withServer(listen, handler, run));

  define("answers requests with method, path, headers and body", async (request) => {
    const { pathname, search } = new URL(request.url);
    const lines = [request.method, pathname + search, request.headers.get("x-a")];
    const headers = { "x-b": "c", "content-type": "text/plain" };
    return new Response([...lines, await request.text()].join(), { status: 201, headers });
  }, async ({ server, client }) => {
    const reply = await client.request({
      target: parseHttpTarget(`http://127.0.0.1:${server.port}/a%20b?c=d`),
      method: "POST",
      headers: [["x-a", "1"]],
      body: "grüße",
    });
    assert.equal(reply.status, 201);
    assert.equal(reply.headers.get("x-b"), "c");
    assert.equal(reply.headers.get("content-length"), String(reply.body.length));
    assert.equal(new TextDecoder().decode(reply.body), "POST,/a%20b?c=d,1,grüße");
  });

  define(
    "reads a request target with scheme and host, which comes before the header",
    (request) => {
      const { hostname, pathname, search } = new URL(request.url);
      return new Response(`${hostname} ${pathname}${search}`);
    },
    async ({ server }) => {
      const ask = (target: string) =>
        exchange(server.port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.match(
        await ask("http://127.0.0.1/a?b=c"),
        /^HTTP\/1\.1 200 [^]*127\.0\.0\.1 \/a\?b=c/,
      );
      assert.match(
        await ask("HTTP://other.example:99//a"),
        /^HTTP\/1\.1 200 [^]*other\.example \/\/a/,
      );
      assert.match(await ask("/a"), /^HTTP\/1\.1 200 [^]*x \/a/);
    },
  );

  define("answers a handler that fails with 500 and no details", (request) => {
    if (request.url.endsWith("/sync")) throw new Error("a secret");
    return Promise.reject(new Error("a secret"));
  }, async ({ request }) => {
    assert.deepEqual(await request("/sync"), [500, "Internal Server Error\n"]);
    assert.deepEqual(await request("/async"), [500, "Internal Server Error\n"]);
  });

  const sent = new Response("sent");
  define("answers with 500 for a response that was sent before, and for none", (request) => {
    return request.url.endsWith("/sent") ? sent : JSON.parse("null");
  }, async ({ request }) => {
    assert.deepEqual(await request("/sent"), [200, "sent"]);
    for (const path of ["/sent", "/none"]) assert.equal((await request(path))[0], 500, path);
  });

  defineStreams(define);
  defineEnds(define);

  test(`${name} rejects a port that is in use`, async () => {
    await withServer(listen, () => new Response(), async ({ server }) => {
      const options = { hostname: "127.0.0.1", port: server.port, onFailure() {} };
      await assert.rejects(async () => await listen(options, toResponder(() => new Response())));
    });
  });
}

type Define = (
  claim: string,
  handler: Servlet,
  run: (fixture: Fixture) => Promise<void>,
) => void;

function defineStreams(define: Define): void {
  define("streams a request body, and stops to read one that is given up", async (request) => {
    const reader = request.body?.getReader();
    const first = await reader?.read();
    if (request.url.endsWith("/give-up")) {
      await reader?.cancel();
      return new Response("enough", { status: 413 });
    }
    let length = first?.value?.length ?? 0;
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      length += part.value.length;
    }
    return new Response(String(length));
  }, async ({ server, request }) => {
    assert.deepEqual(await request("/", "x".repeat(1_000_000)), [200, "1000000"]);
    const head = "POST /give-up HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nbegin";
    assert.match(await exchange(server.port, head), /^HTTP\/1\.1 413 /);
    assert.deepEqual(await request("/", "still here"), [200, "10"]);
  });

  const encoder = new TextEncoder();
  let next = Promise.withResolvers<void>();
  define("streams a response part by part", () => {
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const part of ["one", "two"]) {
          controller.enqueue(encoder.encode(part));
          await next.promise;
        }
        controller.close();
      },
    });
    return new Response(body);
  }, async ({ server }) => {
    next = Promise.withResolvers();
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let text = "";
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes("one")) resolve();
    });
    await promise; // the first part arrives before the second one exists
    assert.doesNotMatch(text, /two/);
    next.resolve();
    await waitForText(() => text.includes("two"), socket);
    socket.destroy();
  });
}

function defineEnds(define: Define): void {
  let gone = Promise.withResolvers<void>();
  let reached = Promise.withResolvers<void>();
  let held = Promise.withResolvers<Response>();
  const reset = () => {
    gone = Promise.withResolvers();
    reached = Promise.withResolvers();
    held = Promise.withResolvers();
  };
  const hold: Servlet = (request) => {
    if (!request.url.endsWith("/hold")) return new Response("ok");
    request.signal.addEventListener("abort", () => gone.resolve());
    reached.resolve();
    return held.promise;
  };

  define("aborts the signal of a request whose client leaves", hold, async ({ server }) => {
    reset();
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    await reached.promise;
    assert.equal(server.running, 1);
    socket.destroy();
    await gone.promise;
    held.resolve(new Response("too late"));
    await server.whenIdle();
  });

  define("forgets the requests of a client that leaves, also those in line", hold, async (all) => {
    const { server } = all;
    reset();
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3));
    await reached.promise;
    socket.destroy();
    await gone.promise;
    held.resolve(new Response("too late"));
    await server.whenIdle();
  });

  define("stops: refuses connections, closes idle ones, lets requests end", hold, async (all) => {
    const { server, request } = all;
    reset();
    const idle = connect(server.port, "127.0.0.1");
    const idleClosed = new Promise<void>((resolve) => idle.on("close", () => resolve()));
    idle.on("error", () => {}).resume().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise<void>((resolve) => idle.once("data", () => resolve()));
    const running = request("/hold");
    await reached.promise;
    const stopped = server.stop();
    await idleClosed;
    await assert.rejects(request("/"), { code: "unreachable" });
    held.resolve(new Response("in time"));
    assert.deepEqual(await running, [200, "in time"]);
    await server.whenIdle();
    await stopped;
  });

  define("cuts requests off before it stops", hold, async ({ server, request }) => {
    reset();
    const running = assert.rejects(request("/hold"), { code: "interrupted" });
    await reached.promise;
    server.cut();
    await running;
    held.resolve(new Response("too late"));
    await server.stop();
  });

  define("cuts requests off that last longer than the stop", hold, async ({ server, request }) => {
    reset();
    const running = assert.rejects(request("/hold"), { code: "interrupted" });
    await reached.promise;
    const stopped = server.stop();
    server.cut();
    await running;
    held.resolve(new Response("too late"));
    await stopped;
  });
}

async function withServer(
  listen: HttpListen,
  handler: Servlet,
  run: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const server = await listen({ hostname: "127.0.0.1", port: 0, onFailure }, toResponder(handler));
  await using client = new HttpClient();
  const request = async (path: string, body?: string): Promise<[number, string]> => {
    const target = parseHttpTarget(`http://127.0.0.1:${server.port}${path}`);
    const reply = await client.request(
      body === undefined ? { target } : {
        target,
        method: "POST",
        body,
      },
    );
    return [reply.status, new TextDecoder().decode(reply.body)];
  };
  try {
    await run({ server, client, failures, request });
    assert.deepEqual(failures, []);
  } finally {
    server.cut();
    await server.stop();
  }
}

/** Sends bytes and returns what the server answers until it closes or has answered a head. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => answer += String(chunk)).on("error", () => {});
  socket.write(text);
  await waitForText(() => answer.includes("\r\n\r\n"), socket);
  socket.destroy();
  return answer;
}

/** Resolves once a condition holds after data of a socket, or the socket is closed. */
function waitForText(isDone: () => boolean, socket: ReturnType<typeof connect>): Promise<void> {
  if (isDone()) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on("data", () => isDone() && resolve());
  socket.once("close", resolve);
  return promise;
}

import assert from "node:assert/strict";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { HttpClient, HttpClientError, parseHttpTarget } from "../../../src/http/mod.ts";
import { type Clock, SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { startPython } from "../../support/python.ts";
import {
  readRequest,
  serveAndDrop,
  serveSilence,
  serveTcp,
  writeText,
} from "../../support/tcp_server.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const targetAt = (port: number, path = "/") => parseHttpTarget(`http://127.0.0.1:${port}${path}`);

Deno.test("HttpClient says in few words that a host of 100,000 characters has no address", async () => {
  await using client = new HttpClient();
  const target = parseHttpTarget(`http://${"a.".repeat(50_000)}x/`);
  const error = await client.request({ target }).catch((error) => error);
  assert.equal(error.code, "unreachable");
  assert.ok(error.message.length < 300, `${error.message.length} characters`);
});

/** A clock that stands still until a test moves it. */
function manualClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  return { ...SYSTEM_CLOCK, now: () => now, advance: (ms) => void (now += ms) };
}

/** Posts numbers one after the other; counts the failures by code. */
async function postNumbers(
  client: HttpClient,
  port: number,
  count: number,
  onCall: (code: string) => void,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    try {
      await client.request({ target: targetAt(port), method: "POST", body: `<${number}>` });
      onCall("ok");
    } catch (error) {
      assert.ok(error instanceof HttpClientError);
      onCall(`${error.code}, wasSent: ${error.wasSent}`);
    }
  }
}

Deno.test("HttpClient sends no request twice when a server drops kept connections after the work", async () => {
  await using server = serveAndDrop();
  const { executions } = server;
  const clock = manualClock();
  await using client = new HttpClient({ clock });
  const results: Record<string, number> = {};
  await postNumbers(client, server.port, 1000, (code) => {
    results[code] = (results[code] ?? 0) + 1;
    clock.advance(code === "ok" ? 25 : 10_000);
  });
  assert.deepEqual(results, { "ok": 500, "interrupted, wasSent: true": 500 });
  assert.equal(executions.size, 1000);
  assert.deepEqual([...executions].filter(([, times]) => times !== 1), []);
});

const PYTHON_DROPS = `
import collections, http.server
executions = collections.Counter()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    requests = 0
    def log_message(self, *args): pass
    def do_POST(self):
        executions[self.rfile.read(int(self.headers["content-length"]))] += 1
        self.requests += 1
        if self.requests > 1:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def do_GET(self):
        body = f"{len(executions)} {max(executions.values())}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
`;

Deno.test("HttpClient sends no request twice to a Python server, and stops using kept connections", async () => {
  await using server = startPython(PYTHON_DROPS);
  const port = Number(await server.line(/^\d+$/));
  await using client = new HttpClient();
  const results: Record<string, number> = {};
  await postNumbers(client, port, 1000, (code) => {
    results[code] = (results[code] ?? 0) + 1;
  });
  assert.deepEqual(results, { "ok": 999, "interrupted, wasSent: true": 1 });
  const { body } = await client.request({ target: targetAt(port) });
  assert.equal(new TextDecoder().decode(body), "1000 1");
});

Deno.test("HttpClient loses no request to a server that closes each connection without a word", async () => {
  await using server = serveTcp(async (connection) => {
    if (await readRequest(connection) !== undefined) await writeText(connection, OK);
  });
  await using client = new HttpClient();
  const results: string[] = [];
  await postNumbers(client, server.port, 200, (code) => results.push(code));
  assert.deepEqual(new Set(results), new Set(["ok"]));
});

Deno.test("HttpClient keeps connections of a server that keeps them", async () => {
  await using server = serveTcp(async (connection) => {
    while (await readRequest(connection) !== undefined) await writeText(connection, OK);
  });
  const clock = manualClock();
  await using client = new HttpClient({ clock });
  await postNumbers(client, server.port, 1, () => {});
  clock.advance(20);
  await postNumbers(client, server.port, 100, () => {});
  assert.equal(server.connections, 1);
  clock.advance(4000); // servers of Node close after 5 s without a word
  await postNumbers(client, server.port, 1, () => {});
  assert.equal(server.connections, 2);
});

Deno.test("HttpClient notices the end of a kept connection even if the event loop was busy", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = serveTcp(async (connection) => {
    if (await readRequest(connection) === undefined) return;
    await writeText(connection, OK);
    await closed.promise;
  });
  const clock = manualClock();
  await using client = new HttpClient({ clock });
  await postNumbers(client, server.port, 1, () => {});
  clock.advance(20);
  closed.resolve(); // the connection ends in the same turn in which the next call begins
  const results: string[] = [];
  await postNumbers(client, server.port, 1, (code) => results.push(code));
  assert.deepEqual(results, ["ok"]);
});

Deno.test("HttpClient proves that nothing was sent when no connection is made", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using client = new HttpClient();
  await assert.rejects(client.request({ target: targetAt(port) }), {
    code: "unreachable",
    wasSent: false,
    message: `no connection was made: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
  await using silent = serveSilence();
  const clock = new VirtualClock();
  await using late = new HttpClient({ clock });
  const handshake = parseHttpTarget(`https://127.0.0.1:${silent.port}/`);
  const shaking = assert.rejects(late.request({ target: handshake, timeoutMs: 50 }), {
    code: "timeout",
    wasSent: false,
  });
  await silent.hears();
  await clock.advance(50);
  await shaking;
  const asking = assert.rejects(late.request({ target: targetAt(silent.port), timeoutMs: 50 }), {
    code: "timeout",
    wasSent: true,
    message: "no answer within 50 ms",
  });
  await silent.hears();
  await clock.advance(50);
  await asking;
});

Deno.test("HttpClient gives up connecting in time", async () => {
  await using silent = serveSilence();
  const clock = new VirtualClock();
  await using client = new HttpClient({ connectTimeoutMs: 50, clock });
  await using proxied = new HttpClient({
    connectTimeoutMs: 50,
    clock,
    proxy: `http://127.0.0.1:${silent.port}`,
  });
  const target = parseHttpTarget(`https://127.0.0.1:${silent.port}/`);
  for (const one of [client, proxied]) {
    const connecting = assert.rejects(one.request({ target }), {
      code: "unreachable",
      wasSent: false,
      message: "no connection was made within 50 ms",
    });
    await silent.hears();
    await clock.advance(50);
    await connecting;
  }
  // The time to connect does not bound the answer.
  const asking = assert.rejects(client.request({ target: targetAt(silent.port), timeoutMs: 100 }), {
    code: "timeout",
    wasSent: true,
  });
  await silent.hears();
  await clock.advance(100);
  await asking;
  assert.throws(() => new HttpClient({ connectTimeoutMs: 0 }), /Cannot use connectTimeoutMs 0/);
});

Deno.test("HttpClient reports a connection that ends within a reply", async () => {
  await using server = serveTcp(async (connection) => {
    await readRequest(connection);
    await writeText(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  await using client = new HttpClient();
  await assert.rejects(client.request({ target: targetAt(server.port) }), {
    code: "interrupted",
    wasSent: true,
  });
});

Deno.test("HttpClient does not reuse a connection on which more came than the reply", async () => {
  await using server = serveTcp(async (connection) => {
    while (await readRequest(connection) !== undefined) {
      await writeText(connection, `${OK}HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nforgery`);
    }
  });
  const clock = manualClock();
  await using client = new HttpClient({ clock });
  for (let count = 0; count < 3; count++) {
    const { body } = await client.request({ target: targetAt(server.port) });
    assert.equal(new TextDecoder().decode(body), "ok");
    clock.advance(20);
  }
  assert.equal(server.connections, 3);
});

Deno.test("HttpClient ends a request with the reason of its signal", async () => {
  const reached = Promise.withResolvers<void>();
  await using server = serveTcp(async (connection) => {
    await readRequest(connection);
    reached.resolve();
    assert.equal(await connection.read(new Uint8Array(1)), null); // the client closes
  });
  await using client = new HttpClient();
  const stop = new AbortController();
  const reason = new Error("changed my mind");
  const request = client.request({ target: targetAt(server.port), signal: stop.signal });
  await reached.promise;
  stop.abort(reason);
  await assert.rejects(request, (error) => error === reason);
  const aborted = client.request({ target: targetAt(server.port), signal: stop.signal });
  await assert.rejects(aborted, (error) => error === reason);
});

Deno.test("HttpClient returns a redirect and does not follow it", async () => {
  await using server = serveTcp(async (connection) => {
    await readRequest(connection);
    await writeText(connection, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
  });
  await using client = new HttpClient();
  const { status, headers } = await client.request({ target: targetAt(server.port) });
  assert.deepEqual([status, headers.get("location")], [302, "/b"]);
});

Deno.test("HttpClient sends a length, its headers and the user name of the URL, and shows no password", async () => {
  let seen = "";
  await using server = serveTcp(async (connection) => {
    seen = await readRequest(connection) ?? "";
    await writeText(connection, OK);
  });
  await using client = new HttpClient();
  const target = parseHttpTarget(`http://us%65r:p%C3%A4ss%@127.0.0.1:${server.port}/a?b=c#d`);
  const headers = [["x-a", "1"]] as const;
  await client.request({ target, method: "POST", headers, body: "grüße" });
  assert.match(seen, /^POST \/a\?b=c HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nx-a: 1\r\n/);
  assert.match(seen, /content-length: 7\r\n/);
  const encoded = /authorization: Basic (\S+)/.exec(seen)?.[1] ?? "";
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  assert.equal(new TextDecoder().decode(bytes), "us%65r:p%C3%A4ss%".replace("%65", "e"));
  assert.equal(target.displayUrl, `http://127.0.0.1:${server.port}/a`);
  assert.throws(() => parseHttpTarget("http://user:secret@[bad/"), (error: Error) => {
    return !error.message.includes("secret");
  });
});

Deno.test("HttpClient refuses headers that would change the request", async () => {
  await using client = new HttpClient();
  const target = targetAt(1);
  for (
    const header of [
      ["x", "a\r\nevil: 1"],
      ["x y", "a"],
      ["", "a"],
      ["Host", "other"],
      ["Content-Length", "0"],
      ["Transfer-Encoding", "chunked"],
    ] as const
  ) {
    await assert.rejects(client.request({ target, headers: [header] }), TypeError);
  }
});

Deno.test("HttpClient inflates gzip, x-gzip, deflate and br within its limit", async () => {
  const text = new TextEncoder().encode("hello ".repeat(1000));
  const long = new Uint8Array(9_000_000).fill(32);
  const bomb = gzipSync(new Uint8Array(100_000_000));
  const replies = new Map<string, [coding: string, body: Uint8Array]>([
    ["/gzip", ["gzip", gzipSync(text)]],
    ["/x-gzip", ["X-Gzip", gzipSync(text)]],
    ["/deflate", ["deflate", deflateSync(text)]],
    ["/raw", ["deflate", deflateRawSync(text)]],
    ["/br", ["br", brotliCompressSync(text)]],
    ["/identity", ["identity", text]],
    ["/bomb", ["gzip", bomb]],
    ["/long", ["gzip", gzipSync(long)]],
    ["/long-br", ["br", brotliCompressSync(long)]],
    ["/broken", ["gzip", text]],
    ["/short", ["gzip", gzipSync(text).subarray(0, 20)]],
    ["/unknown", ["zstd", text]],
  ]);
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const [coding, body] = replies.get(new URL(request.url).pathname) ?? ["", text];
    return new Response(body.slice(), { headers: { "content-encoding": coding } });
  });
  await using client = new HttpClient();
  const get = (path: string) =>
    client.request({ target: targetAt(server.addr.port, path), maxBytes: 200_000 });
  for (const path of ["/gzip", "/x-gzip", "/deflate", "/raw", "/br", "/identity"]) {
    assert.deepEqual(new Uint8Array((await get(path)).body), text, path);
  }
  await assert.rejects(get("/bomb"), { code: "too-large" });
  for (const path of ["/long", "/long-br"]) {
    const target = targetAt(server.addr.port, path);
    const { body } = await client.request({ target, maxBytes: 10_000_000 });
    assert.equal(body.length, long.length, path);
    await assert.rejects(client.request({ target, maxBytes: 8_000_000 }), { code: "too-large" });
  }
  for (const path of ["/broken", "/short", "/unknown"]) {
    await assert.rejects(get(path), { code: "invalid-reply" }, path);
  }
});

Deno.test("HttpClient refuses requests once it is closed, and running ones go on", async () => {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  await using server = serveTcp(async (connection) => {
    await readRequest(connection);
    reached.resolve();
    await go.promise;
    await writeText(connection, OK);
    assert.equal(await connection.read(new Uint8Array(1)), null); // not kept by a closed client
  });
  const client = new HttpClient();
  const running = client.request({ target: targetAt(server.port) });
  await reached.promise;
  await client.close();
  await client.close();
  go.resolve();
  assert.equal((await running).status, 200);
  await assert.rejects(client.request({ target: targetAt(server.port) }), {
    code: "closed",
    wasSent: false,
  });
});

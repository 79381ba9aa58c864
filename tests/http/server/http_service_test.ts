import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import {
  HttpClient,
  type HttpClientError,
  HttpListenError,
  type HttpServerKind,
  type HttpServerTls,
  HttpService,
  type HttpServiceOptions,
  parseHttpTarget,
} from "../../../src/http/mod.ts";
import { makeCertificates } from "../../support/certificates.ts";

/** Implementations of the server that the runtime has. */
const SERVERS: readonly HttpServerKind[] = "Deno" in globalThis ? ["deno", "node"] : ["node"];

/** Starts a service on a free port, with a client for it. */
async function startService(options: HttpServiceOptions = {}) {
  const http = new HttpService({ port: 0, ...options });
  await http.start();
  const client = new HttpClient();
  return {
    http,
    async get(path: string): Promise<[status: number, body: string]> {
      const { status, body } = await client.request({ target: parseHttpTarget(http.url + path) });
      return [status, new TextDecoder().decode(body)];
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await http.close({ drainTimeoutMs: 0 });
    },
  };
}

/** Servlet that answers once it is released. */
function holdingServlet() {
  const reached = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const servlet = () => {
    reached.resolve();
    return answer.promise;
  };
  return { servlet, reached: reached.promise, answer: answer.resolve };
}

Deno.test("HttpService serves a path with one servlet until it is removed", async () => {
  await using service = await startService();
  const { http, get } = service;
  const servlet = http.register("/a", () => new Response("hello"));
  assert.throws(() => http.register("/a", () => new Response()), {
    name: "TypeError",
    message: "Cannot serve /a: it has a servlet",
  });
  assert.throws(() => http.register("a", () => new Response()), TypeError);
  assert.deepEqual(await get("/a?x=1"), [200, "hello"]);
  assert.deepEqual(await get("/a"), [200, "hello"]);
  servlet.close();
  assert.deepEqual(await get("/a"), [404, "Not Found\n"]);
  using _other = http.register("/a", () => new Response("other"));
  assert.deepEqual(await get("/a"), [200, "other"]);
});

Deno.test("HttpService answers a servlet that fails with 500 and without its message", async () => {
  await using service = await startService();
  service.http.register("/", () => {
    throw new Error("a secret");
  });
  service.http.register("/later", () => Promise.reject(new Error("a secret")));
  service.http.registerResponder("/responder", (_request, _respond) => {
    throw new Error("a secret");
  });
  for (const path of ["/", "/later", "/responder"]) {
    assert.deepEqual(await service.get(path), [500, "Internal Server Error\n"], path);
  }
  const sent = new Response("sent");
  await sent.text();
  service.http.registerResponder("/sent", (_, respond) => void setImmediate(respond, sent));
  service.http.startDraining(); // each response gets a header then
  for (const path of ["/", "/later", "/responder", "/sent"]) {
    assert.deepEqual(await service.get(path), [500, "Internal Server Error\n"], path);
  }
});

Deno.test("HttpService refuses a servlet as a responder, which would never answer", () => {
  const http = new HttpService();
  assert.throws(() => http.registerResponder("/a", () => new Response("hello")), {
    name: "TypeError",
    message: "Cannot serve /a: a responder has two parameters, request and respond; give a " +
      "function that returns the response to register()",
  });
  http.register("/a", () => new Response("hello"));
});

Deno.test("HttpService rejects a port in use with an error that names it", async () => {
  await using first = await startService();
  const port = Number(new URL(first.http.url).port);
  for (const server of SERVERS) {
    await using second = new HttpService({ port, server });
    await assert.rejects(second.start(), {
      name: "HttpListenError",
      code: "port-in-use",
      message: `Cannot listen on 127.0.0.1:${port}: the port is in use; choose another`,
    });
    assert.equal(second.state.kind, "created");
  }
  assert.throws(() => new HttpService({ port: 70_000 }), RangeError);
});

Deno.test("HttpService rejects an address and a certificate that can't be used", async () => {
  await using certificates = await makeCertificates();
  const { serverCert: cert, serverKey: key, clientKey } = certificates;
  for (const server of SERVERS) {
    const getCode = async (options: HttpServiceOptions) => {
      await using http = new HttpService({ port: 0, server, ...options });
      const error = await http.start().catch((error) => error);
      assert.ok(error instanceof HttpListenError, String(error));
      return error.code;
    };
    assert.equal(await getCode({ hostname: "192.0.2.1" }), "address-unavailable");
    assert.equal(await getCode({ tls: { cert: "nonsense", key } }), "invalid-tls");
    assert.equal(await getCode({ tls: { cert, key: clientKey } }), "invalid-tls");
  }
});

Deno.test("HttpService advertises the given host", async () => {
  await using http = new HttpService({ port: 0, hostname: "0.0.0.0", advertisedHostname: "::1" });
  assert.throws(() => http.url, /does not listen yet/);
  await http.start();
  assert.match(http.url, /^http:\/\/\[::1\]:\d+$/);
});

Deno.test("HttpService waits for running requests when it closes", async () => {
  await using service = await startService();
  const { http, get } = service;
  const { servlet, reached, answer } = holdingServlet();
  http.register("/held", servlet);
  const running = get("/held");
  await reached;
  const closing = http.close();
  await assert.rejects(get("/held"), (error: HttpClientError) => error.wasSent === false);
  assert.equal(http.signal.aborted, false);
  answer(new Response("in time"));
  assert.deepEqual(await running, [200, "in time"]);
  assert.equal(await closing, 0);
  assert.equal(http.signal.aborted, true);
  await assert.rejects(http.start(), /it is closed/);
});

Deno.test("HttpService cuts off what runs longer than drainTimeoutMs and counts it", async () => {
  for (const drainTimeoutMs of [0, 20]) {
    await using service = await startService();
    const { http, get } = service;
    const { servlet, reached, answer } = holdingServlet();
    http.register("/held", servlet);
    const running = assert.rejects(get("/held"), { code: "interrupted" });
    await reached;
    assert.equal(await http.close({ drainTimeoutMs }), 1);
    await running;
    answer(new Response("too late"));
  }
});

Deno.test("HttpService ends the wait of a close with a second one of 0", async () => {
  await using service = await startService();
  const { servlet, reached, answer } = holdingServlet();
  service.http.register("/held", servlet);
  const running = assert.rejects(service.get("/held"), { code: "interrupted" });
  await reached;
  const closing = service.http.close();
  assert.equal(await service.http.close({ drainTimeoutMs: 0 }), 1);
  assert.equal(await closing, 1);
  await running;
  answer(new Response("too late"));
});

Deno.test("HttpService lets all answers out that are made while it closes", async () => {
  await using service = await startService();
  const { http, get } = service;
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let running = 0;
  http.register("/a", async () => {
    if (++running === 20) begun.resolve();
    await go.promise;
    return new Response("x".repeat(100_000));
  });
  const answers = Array.from({ length: 20 }, () => get("/a"));
  await begun.promise;
  const closed = http.close();
  go.resolve();
  for (const [, body] of await Promise.all(answers)) assert.equal(body.length, 100_000);
  assert.equal(await closed, 0);
});

Deno.test("HttpService is alive and ready, and not ready from the moment of draining", async () => {
  await using service = await startService({ probes: true });
  const { http, get } = service;
  assert.deepEqual(await get("/livez"), [200, "ok\n"]);
  assert.deepEqual(await get("/readyz"), [200, "ok\n"]);
  http.startDraining();
  assert.deepEqual(await get("/readyz"), [503, "draining\n"]);
  assert.deepEqual(await get("/livez"), [200, "ok\n"]);
  assert.equal(http.isReady, false);
  const target = parseHttpTarget(`${http.url}/livez`);
  await using client = new HttpClient();
  const { headers } = await client.request({ target });
  assert.equal(headers.get("connection"), "close"); // clients leave by themselves
  await using plain = await startService();
  assert.equal((await plain.get("/livez"))[0], 404);
});

/** Lists certificates that can't be used, each with the reason. */
function listWrongCertificates(
  tls: HttpServerTls,
  other: { readonly serverKey: string },
): [wrong: HttpServerTls, reason: string][] {
  const { cert, key } = tls;
  const unreadable = "the certificate or its key can't be read; give PEM";
  const broken = "a certificate after the first can't be read; give the whole chain as PEM";
  const begin = "\n-----BEGIN CERTIFICATE-----\n";
  return [
    [{ cert: "nonsense", key: "nonsense" }, unreadable],
    [{ cert: key, key: cert }, unreadable],
    [{ cert, key: "" }, unreadable],
    [
      { cert, key: other.serverKey },
      "the private key does not belong to the certificate; give its own",
    ],
    [{ cert: `${cert}${begin}AAAA\n-----END CERTIFICATE-----\n`, key }, broken],
    [{ cert: `${cert}${cert.slice(0, 200)}`, key }, broken],
  ];
}

for (const server of "Bun" in globalThis ? [] : SERVERS) { // docs/http-server.md
  Deno.test(`HttpService with "${server}" serves a renewed certificate and refuses no connection`, async () => {
    await using one = await makeCertificates();
    await using other = await makeCertificates();
    const tls = { cert: one.serverCert, key: one.serverKey };
    await using service = await startService({ tls, server });
    const { http } = service;
    http.register("/", () => new Response("ok"));
    const target = parseHttpTarget(http.url);
    const call = async (ca: string) => {
      await using client = new HttpClient({ tls: { ca } });
      return (await client.request({ target })).status;
    };
    const both = one.ca + other.ca;
    let isDone = false;
    let calls = 0;
    const caller = async () => {
      for (; !isDone; calls++) assert.equal(await call(both), 200);
    };
    const callers = [caller(), caller(), caller()];
    await call(one.ca);
    for (const [wrong, reason] of listWrongCertificates(tls, other)) {
      await assert.rejects(http.reloadTls(wrong), {
        code: "invalid-tls",
        message: `Cannot reload the certificate: ${reason}`,
      });
    }
    for (const wrong of [undefined, "text", { ...tls, ca: one.ca }] as never[]) {
      await assert.rejects(http.reloadTls(wrong), TypeError);
    }
    await call(one.ca);
    await http.reloadTls({ cert: other.serverCert, key: other.serverKey });
    await assert.rejects(call(one.ca), { code: "unreachable" });
    await call(other.ca);
    isDone = true;
    await Promise.all(callers);
    assert.ok(calls > 0);
    await using plain = await startService();
    await assert.rejects(plain.http.reloadTls(tls), TypeError);
  });
}

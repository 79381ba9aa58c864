import assert from "node:assert/strict";
import {
  createXmlRpcHandler,
  decodeMethodResponse,
  encodeFault,
  encodeMethodCall,
  encodeMethodResponse,
  type HandlerOptions,
  XmlRpcClient,
  type XmlRpcClientOptions,
  XmlRpcFault,
  XmlRpcHttpError,
} from "../../src/xmlrpc/mod.ts";

const handler = (options: HandlerOptions = {}) =>
  createXmlRpcHandler({
    echo: (value) => value,
    fail: () => {
      throw new RangeError("out of range");
    },
    fault: () => {
      throw new XmlRpcFault(42, "said so");
    },
    unsendable: () => NaN,
  }, options);

function post(body: BodyInit, headers: Record<string, string> = { "content-type": "text/xml" }) {
  return new Request("http://server/RPC2", { method: "POST", body, headers });
}

async function answer(body: BodyInit, options?: HandlerOptions, headers?: Record<string, string>) {
  const response = await handler(options)(post(body, headers));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/xml; charset=utf-8");
  return decodeMethodResponse(await response.text());
}

/** A real server around a function, and its address. */
function serve(handle: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  return Object.assign(server, { url: `http://127.0.0.1:${server.addr.port}/RPC2` });
}

Deno.test("createXmlRpcHandler answers a call in the dialect of the request", async () => {
  assert.equal(await answer(encodeMethodCall("echo", ["hi"])), "hi");
  const request = post(encodeMethodCall("echo", [null], { dialect: "apache" }));
  assert.match(await (await handler()(request)).text(), /<ex:nil\/>/);
});

Deno.test("createXmlRpcHandler answers faults with HTTP status 200 and the code of the reason", async () => {
  const cases: [body: string, faultCode: number, text: RegExp][] = [
    ["<methodCall", -32700, /line 1/],
    ["<other/>", -32600, /methodCall/],
    [encodeMethodCall("nope"), -32601, /nope/],
    [encodeMethodCall("constructor"), -32601, /constructor/],
    [encodeMethodCall("fail"), -32500, /^out of range$/],
    [encodeMethodCall("fault"), 42, /^said so$/],
    [encodeMethodCall("unsendable"), -32603, /NaN/],
  ];
  for (const [body, faultCode, text] of cases) {
    await assert.rejects(answer(body), (error: XmlRpcFault) => {
      assert.equal(error.faultCode, faultCode, body);
      return text.test(error.faultString);
    });
  }
});

Deno.test("createXmlRpcHandler refuses requests that cannot be calls with an HTTP status", async () => {
  const status = async (request: Request, options?: HandlerOptions) => {
    const response = await handler(options)(request);
    await response.body?.cancel();
    return response;
  };
  const get = await status(new Request("http://server/RPC2"));
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
  const body = encodeMethodCall("echo", ["x"]);
  assert.equal((await status(post(body, { "content-type": "text/plain" }))).status, 415);
  assert.equal(
    (await status(post(body, { "content-type": "text/xml", "content-encoding": "br" }))).status,
    415,
  );
  assert.equal((await status(post(body), { maxBytes: 10 })).status, 413);
  assert.equal(
    (await status(post("no gzip", { "content-type": "text/xml", "content-encoding": "gzip" })))
      .status,
    400,
  );
  const never = new ReadableStream({});
  assert.equal((await status(post(never), { bodyTimeoutMs: 20 })).status, 408);
});

Deno.test("createXmlRpcHandler accepts other types of XML and a missing type", async () => {
  const body = new TextEncoder().encode(encodeMethodCall("echo", [1]));
  for (const type of ["text/xml; charset=utf-8", "application/xml", "TEXT/XML"]) {
    assert.equal(await answer(body, {}, { "content-type": type }), 1);
  }
  assert.equal(await answer(body, {}, {}), 1);
});

Deno.test("createXmlRpcHandler inflates a compressed body within its limit", async () => {
  const gzip = async (text: string) => {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const headers = { "content-type": "text/xml", "content-encoding": "gzip" };
  assert.equal(await answer(await gzip(encodeMethodCall("echo", ["hi"])), {}, headers), "hi");
  const bomb = await gzip(encodeMethodCall("echo", ["x".repeat(1_000_000)]));
  assert.ok(bomb.length < 10_000);
  const response = await handler({ maxBytes: 100_000 })(post(bomb, headers));
  await response.body?.cancel();
  assert.equal(response.status, 413);
});

Deno.test("XmlRpcClient sends a length and follows no redirect", async () => {
  await using server = serve(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moved") return Response.redirect(server.url);
    assert.match(request.headers.get("content-length") ?? "", /^\d+$/);
    return await handler()(request);
  });
  const client = new XmlRpcClient(server.url);
  assert.deepEqual(await client.call("echo", [["ä", 1n]]), ["ä", 1n]);
  await assert.rejects(client.call("fault"), { name: "XmlRpcFault", faultCode: 42 });
  await assert.rejects(new XmlRpcClient(server.url.replace("RPC2", "moved")).call("echo", [1]), {
    name: "XmlRpcHttpError",
    status: 302,
  });
});

Deno.test("XmlRpcClient has a code for each reason that a call has no answer", async () => {
  const held = Promise.withResolvers<Response>();
  await using server = serve((request) => {
    switch (new URL(request.url).pathname) {
      case "/status":
        return new Response("no", { status: 500 });
      case "/junk":
        return new Response("<html>\u0007");
      case "/large":
        return new Response("x".repeat(1000));
      default:
        return held.promise;
    }
  });
  const call = (path: string, options = {}) =>
    new XmlRpcClient(new URL(path, server.url), { maxReplyBytes: 999, ...options }).call("m");
  await assert.rejects(call("/status"), {
    code: "http-status",
    message: /m at .*\/status: HTTP status 500/,
  });
  await assert.rejects(call("/junk"), {
    code: "invalid-reply",
    message:
      /line 1, column 1\); the answer is status 200, text\/plain;charset=UTF-8, beginning with: <html>\\u\{7\}$/,
  });
  await assert.rejects(call("/large"), { code: "too-large" });
  await assert.rejects(call("/silent", { timeoutMs: 50 }), { code: "timeout", message: /50 ms/ });
  held.resolve(new Response());
  const refused = new XmlRpcClient("http://user:secret@127.0.0.1:1/");
  await assert.rejects(refused.call("m"), (error: Error & { code: string }) => {
    assert.equal(error.code, "unreachable");
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("XmlRpcClient reports a fault with the HTTP status beside it", async () => {
  const headers = { "content-type": "text/xml", "x-a": "b" };
  await using server = serve(() =>
    new Response(encodeFault(4, "too hot"), { status: 503, headers })
  );
  const heads: number[] = [];
  const onReply = ({ status }: { status: number }) => heads.push(status);
  await assert.rejects(
    new XmlRpcClient(server.url).call("m", [], { onReply }),
    (error: XmlRpcFault) => {
      assert.deepEqual([error.faultCode, error.faultString], [4, "too hot"]);
      assert.ok(error.cause instanceof XmlRpcHttpError);
      assert.equal(error.cause.status, 503);
      assert.equal(error.httpStatus, 503);
      assert.equal(error.cause.headers.get("x-a"), "b");
      return true;
    },
  );
  assert.deepEqual(heads, [503]);
});

Deno.test("XmlRpcClient calls through a fetch of the caller's choice", async () => {
  await using server = serve(handler());
  let count = 0;
  const counting: typeof fetch = (...args) => {
    count++;
    return fetch(...args);
  };
  const client = new XmlRpcClient(server.url, { fetch: counting });
  assert.equal(await client.call("echo", ["hi"]), "hi");
  assert.equal(count, 1);
  const refused = new XmlRpcClient("http://user:secret@127.0.0.1:1/", { fetch });
  await assert.rejects(refused.call("m"), (error: Error & { code: string }) => {
    assert.equal(error.code, "interrupted"); // fetch does not report whether it was sent
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("XmlRpcClient throws the reason of the caller's signal", async () => {
  const held = Promise.withResolvers<Response>();
  const reached = Promise.withResolvers<void>();
  await using server = serve(() => {
    reached.resolve();
    return held.promise;
  });
  const stop = new AbortController();
  const reason = new Error("changed my mind");
  const call = new XmlRpcClient(server.url).call("m", [], { signal: stop.signal });
  await reached.promise;
  stop.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  held.resolve(new Response());
});

Deno.test("XmlRpcClient refuses URLs other than http and https", () => {
  assert.throws(() => new XmlRpcClient("ftp://server/"), /give http or https/);
  assert.throws(() => new XmlRpcClient("nonsense"), TypeError);
});

Deno.test("createXmlRpcHandler answers whatever a method throws or returns", async () => {
  const throwing = (error: unknown) =>
    createXmlRpcHandler({
      m: () => {
        throw error;
      },
    }, {
      onError: () => {
        throw new Error("the listener fails too");
      },
    });
  const errors = [
    new XmlRpcFault(5e9, "x"),
    new XmlRpcFault(NaN, "x"),
    Object.create(null),
    undefined,
    "text",
  ];
  for (const error of errors) {
    const response = await throwing(error)(post(encodeMethodCall("m")));
    assert.equal(response.status, 200);
    const document = await response.text();
    assert.throws(() => decodeMethodResponse(document), { name: "XmlRpcFault" });
  }
});

Deno.test("createXmlRpcHandler limits an answer, also if a small result repeats itself", async () => {
  let result: unknown = "x".repeat(1000);
  for (let doubling = 0; doubling < 17; doubling++) result = [result, result];
  const handle = createXmlRpcHandler({ m: () => result });
  const document = await (await handle(post(encodeMethodCall("m")))).text();
  assert.throws(() => decodeMethodResponse(document), {
    faultCode: -32603,
    faultString: /8388608 characters/,
  });
});

Deno.test("XmlRpcClient accepts long and infinite time-outs and refuses invalid ones", async () => {
  await using server = serve(handler());
  for (const timeoutMs of [Infinity, 2 ** 40]) {
    assert.equal(await new XmlRpcClient(server.url, { timeoutMs }).call("echo", [1]), 1);
  }
  for (const timeoutMs of [NaN, 0, -1]) {
    await assert.rejects(new XmlRpcClient(server.url).call("echo", [1], { timeoutMs }), RangeError);
  }
  const headers = { "Content-Type": "application/xml" };
  assert.equal(await new XmlRpcClient(server.url, { headers }).call("echo", [1]), 1);
});

Deno.test("XmlRpcClient reads odd values unless lenient is false, and the handler unless true", async () => {
  const odd = "<value><boolean>true</boolean></value>";
  const reply = `<methodResponse><params><param>${odd}</param></params></methodResponse>`;
  const call = (options: XmlRpcClientOptions) =>
    new XmlRpcClient("http://server/RPC2", {
      ...options,
      fetch: () => Promise.resolve(new Response(reply)),
    }).call("m");
  assert.equal(await call({}), true);
  await assert.rejects(call({ lenient: false }), { name: "XmlRpcInvalidReplyError" });
  const request =
    `<methodCall><methodName>echo</methodName><params><param>${odd}</param></params>` +
    "</methodCall>";
  await assert.rejects(answer(request), { faultCode: -32600 });
  assert.equal(await answer(request, { lenient: true }), true);
});

Deno.test("XmlRpcClient rejects a call with the error of its async onReply", async () => {
  await using server = serve(() => new Response(encodeMethodResponse(1)));
  const failure = new Error("not ready");
  await assert.rejects(
    new XmlRpcClient(server.url).call("m", [], { onReply: () => Promise.reject(failure) }),
    failure,
  );
});

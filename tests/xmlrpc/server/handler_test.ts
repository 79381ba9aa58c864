import assert from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import {
  basicAuth,
  bearerAuth,
  type CallContext,
  createXmlRpcHandler,
  currentCall,
  decodeMethodResponse,
  encodeMethodCall,
  type HandlerOptions,
  type Methods,
  type Principal,
  XmlRpcFault,
} from "../../../src/xmlrpc/mod.ts";

type Handler = (request: Request) => Promise<Response>;

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  // `duplex` is required for streams by Node and unknown to the types of Deno.
  const init = {
    method: "POST",
    body,
    headers: { "content-type": "text/xml", ...headers },
    duplex: "half",
  };
  return new Request("http://server/RPC2", init);
}

async function call(handle: Handler, methodName: string, ...params: unknown[]) {
  const response = await handle(post(encodeMethodCall(methodName, params)));
  return decodeMethodResponse(await response.text());
}

const METHODS: Methods = {
  "math.add": {
    invoke: (a, b) => Number(a) + Number(b),
    help: "The sum of two numbers.",
    signatures: [["int", "int", "int"], ["double", "double", "double"]],
  },
  echo: (value) => value,
  unsendable: () => NaN,
  fail: () => {
    throw new Error(
      "no /home/jürgen/secret.txt, file:///etc/passwd, C:/data/x, \\\\srv\\x; see http://host/a/b",
    );
  },
};

Deno.test("createXmlRpcHandler lists, describes and types its methods", async () => {
  const handle = createXmlRpcHandler(METHODS);
  assert.deepEqual(await call(handle, "system.listMethods"), [
    "echo",
    "fail",
    "math.add",
    "system.getCapabilities",
    "system.listMethods",
    "system.methodHelp",
    "system.methodSignature",
    "system.multicall",
    "unsendable",
  ]);
  assert.equal(await call(handle, "system.methodHelp", "math.add"), "The sum of two numbers.");
  assert.equal(await call(handle, "system.methodHelp", "echo"), "");
  assert.deepEqual(await call(handle, "system.methodSignature", "math.add"), [
    ["int", "int", "int"],
    ["double", "double", "double"],
  ]);
  assert.equal(await call(handle, "system.methodSignature", "echo"), "undef");
  const capabilities = Object(await call(handle, "system.getCapabilities"));
  assert.equal(capabilities.faults_interop.specVersion, 20010516);
  await assert.rejects(call(handle, "system.methodHelp", "nope"), { faultCode: -32601 });
  await assert.rejects(call(handle, "system.methodHelp"), { faultCode: -32602 });
});

Deno.test("createXmlRpcHandler switches off each system method, or all", async () => {
  const some = createXmlRpcHandler(METHODS, { system: { multicall: false } });
  await assert.rejects(call(some, "system.multicall", []), { faultCode: -32601 });
  assert.ok(!String(await call(some, "system.listMethods")).includes("multicall"));
  const none = createXmlRpcHandler(METHODS, { system: false });
  await assert.rejects(call(none, "system.listMethods"), { faultCode: -32601 });
});

Deno.test("createXmlRpcHandler refuses parameters that match no signature and names the signatures", async () => {
  const handle = createXmlRpcHandler(METHODS);
  assert.equal(await call(handle, "math.add", 1, 2), 3);
  assert.equal(await call(handle, "math.add", 1.5, 2), 3.5);
  for (const params of [[1], ["1", 2], [1, 2, 3], [null, {}]]) {
    await assert.rejects(call(handle, "math.add", ...params), {
      faultCode: -32602,
      faultString: /it takes \(int, int\) or \(double, double\)$/,
    });
  }
});

Deno.test("system.multicall answers each call as if it had come alone", async () => {
  const handle = createXmlRpcHandler(METHODS);
  const calls = [
    { methodName: "math.add", params: [1, 2] },
    { methodName: "nope", params: [] },
    { methodName: "echo", params: [[]] },
    { methodName: "unsendable" },
    { methodName: "system.multicall", params: [[]] },
    { methodName: 5 },
    "nonsense",
  ];
  const outcomes = await call(handle, "system.multicall", calls);
  assert.ok(Array.isArray(outcomes));
  assert.deepEqual(outcomes[0], [3]);
  assert.deepEqual(outcomes[2], [[]]);
  const codes = outcomes.map((outcome) => Object(outcome).faultCode);
  assert.deepEqual(codes, [undefined, -32601, undefined, -32603, -32602, -32602, -32602]);
  const generous = createXmlRpcHandler({ big: () => 2 ** 40 }, { integers: "i8" });
  assert.deepEqual(await call(generous, "system.multicall", [{ methodName: "big" }]), [[
    2n ** 40n,
  ]]);
  const many = Array.from({ length: 101 }, () => ({ methodName: "echo", params: [1] }));
  await assert.rejects(call(handle, "system.multicall", many), { faultCode: -32602 });
  const wider = createXmlRpcHandler(METHODS, { system: { maxMulticall: 101 } });
  assert.equal(Object(await call(wider, "system.multicall", many)).length, 101);
});

Deno.test("errorDetail decides how much of an error a fault contains, by default no path", async () => {
  const text = async (errorDetail?: HandlerOptions["errorDetail"]) => {
    const handle = createXmlRpcHandler(METHODS, errorDetail ? { errorDetail } : {});
    const fault = await call(handle, "fail").catch((error) => error);
    assert.ok(fault instanceof XmlRpcFault);
    return fault.faultString;
  };
  assert.equal(await text(), "no <path>, <path> <path> <path> see http://host/a/b");
  assert.equal(await text("none"), "The method failed");
  assert.match(await text("stack"), /secret\.txt[^]*at .*handler_test/);
});

Deno.test("authenticate passes the principal to the method and refuses other callers", async () => {
  const seen: unknown[] = [];
  const methods: Methods = {
    async who() {
      const { principal } = this;
      seen.push((currentCall()?.principal as Principal).name);
      await Promise.resolve();
      return (principal as Principal).name;
    },
  };
  const status = async (handle: Handler, authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await handle(post(encodeMethodCall("who"), headers));
    const text = await response.text();
    return response.status === 200 ? decodeMethodResponse(text) : response;
  };
  const bearer = createXmlRpcHandler(methods, { authenticate: bearerAuth({ t0ken: "ada" }) });
  assert.equal(await status(bearer, "Bearer t0ken"), "ada");
  const basic = createXmlRpcHandler(methods, { authenticate: basicAuth({ bob: "pä:ss" }, "here") });
  const credentials = (text: string) =>
    `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
  assert.equal(await status(basic, credentials("bob:pä:ss")), "bob");
  assert.deepEqual(seen, ["ada", "bob"]);
  for (
    const [handle, authorization] of [
      [bearer, undefined],
      [bearer, "Bearer wrong"],
      [bearer, "Bearer"],
      [bearer, "Basic t0ken"],
      [basic, credentials("bob:wrong")],
      [basic, credentials("bob")],
      [basic, "Basic %%%"],
    ] as const
  ) {
    const refused = await status(handle, authorization);
    assert.ok(refused instanceof Response);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate") ?? "", /^(Bearer|Basic realm="here")/);
  }
  assert.throws(() => basicAuth({ "a:b": "c" }), /^(?!.*a:b).*colon/);
  for (const wrong of ["t0ken", ["t0ken"], null, undefined] as never[]) {
    for (const create of [basicAuth, bearerAuth]) {
      assert.throws(
        () => create(wrong),
        /^TypeError: Cannot authenticate: it is not an object; give/,
      );
    }
  }
  assert.throws(() => bearerAuth({ "a b": "c" }), /RFC 6750/);
  assert.throws(() => basicAuth({}, "日本"), /ASCII/);
  const own = createXmlRpcHandler(methods, {
    authenticate: () => Promise.resolve(new Response("closed on Sundays", { status: 403 })),
  });
  const sunday = await status(own);
  assert.ok(sunday instanceof Response && sunday.status === 403);
  assert.equal(currentCall(), undefined);
});

Deno.test("callTimeoutMs ends a call with a fault and aborts the method's signal", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<unknown>();
  const handle = createXmlRpcHandler({
    slow() {
      const { signal } = this;
      signal.addEventListener("abort", () => resolve(signal.reason));
      return aborted;
    },
  }, { callTimeoutMs: 20 });
  await assert.rejects(call(handle, "slow"), {
    faultCode: -32500,
    faultString: "slow did not answer within 20 ms",
  });
  assert.ok(await aborted instanceof XmlRpcFault);
});

Deno.test("maxCalls counts a method that runs on after its caller has left", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const handle = createXmlRpcHandler({ slow: () => promise, fast: () => 1 }, {
    callTimeoutMs: 20,
    maxCalls: 1,
  });
  await assert.rejects(call(handle, "slow"), { faultString: /20 ms/ });
  const busy = await handle(post(encodeMethodCall("fast")));
  assert.equal(busy.status, 503);
  assert.equal(busy.headers.get("retry-after"), "1");
  await busy.body?.cancel();
  resolve("late");
  await promise;
  assert.equal(await call(handle, "fast"), 1);
});

Deno.test("maxPendingRequests and bodyTimeoutMs bound bodies that never end", async () => {
  const handle = createXmlRpcHandler({ m: () => 1 }, { maxPendingRequests: 2, bodyTimeoutMs: 50 });
  const stuck = [0, 1].map(() => handle(post(new ReadableStream({}))));
  assert.equal((await handle(post(encodeMethodCall("m")))).status, 503);
  for (const response of await Promise.all(stuck)) assert.equal(response.status, 408);
  assert.equal(await call(handle, "m"), 1);
});

Deno.test("maxBodyMemory lets large bodies wait for each other, and small ones pass", async () => {
  const large = encodeMethodCall("echo", ["x".repeat(200_000)]);
  const handle = createXmlRpcHandler(METHODS, { maxBodyMemory: 1 });
  const answers = await Promise.all([0, 1, 2, 3].map(() => handle(post(large))));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
  for (const { body } of answers) await body?.cancel();

  const limits = { maxBodyMemory: 1, bodyTimeoutMs: 300 };
  const impatient = createXmlRpcHandler(METHODS, limits);
  const start = new TextEncoder().encode(large.slice(0, -10));
  const stalled = [0, 1].map(() =>
    impatient(post(new ReadableStream({ start: (controller) => controller.enqueue(start) })))
  );
  assert.equal(await call(impatient, "echo", "small"), "small");
  // Both are late in the same turn: the second one waits for the first, not for its sender.
  for (const end = performance.now() + 350; performance.now() < end;);
  const [late, busy] = await Promise.all(stalled);
  assert.deepEqual([late?.status, busy?.status], [408, 503]);
  assert.equal(busy?.headers.get("x-osgi-executed"), "no");
  assert.equal(await call(impatient, "echo", "small"), "small");
});

Deno.test("createXmlRpcHandler inflates gzip and deflate, and refuses other codings unread", async () => {
  const handle = createXmlRpcHandler(METHODS);
  const document = encodeMethodCall("echo", ["x".repeat(1000)]);
  const codings = { "gzip": gzipSync, "x-gzip": gzipSync, "deflate": deflateRawSync };
  for (const [coding, compress] of Object.entries(codings)) {
    const body = new Uint8Array(compress(document));
    const response = await handle(post(body, { "content-encoding": coding }));
    assert.equal(decodeMethodResponse(await response.text()), "x".repeat(1000), coding);
  }
  for (const coding of ["br", "gzip, gzip", "zstd"]) {
    const never = new ReadableStream({});
    const response = await handle(post(never, { "content-encoding": coding }));
    assert.equal(response.status, 415, coding);
    assert.equal(response.headers.get("accept-encoding"), "gzip, x-gzip, deflate");
  }
});

for (const callTimeoutMs of [30_000, Infinity]) {
  Deno.test(`createXmlRpcHandler ends running calls when its signal is aborted (${callTimeoutMs} ms)`, async () => {
    const close = new AbortController();
    const { promise: begun, resolve } = Promise.withResolvers<CallContext>();
    const handle = createXmlRpcHandler({
      hang() {
        resolve(this);
        return new Promise((_, reject) => this.signal.addEventListener("abort", reject));
      },
    }, { signal: close.signal, callTimeoutMs });
    const answer = call(handle, "hang");
    const { signal, methodName } = await begun;
    assert.deepEqual([signal.aborted, methodName], [false, "hang"]);
    close.abort();
    await assert.rejects(answer, { faultString: "The server has closed" });
    assert.equal(signal.aborted, true);
  });
}

Deno.test("createXmlRpcHandler compresses large answers for clients that accept gzip", async () => {
  const handle = createXmlRpcHandler(METHODS);
  const large = "x".repeat(10_000);
  const reply = async (accept: string, value: string) => {
    const request = post(encodeMethodCall("echo", [value]), { "accept-encoding": accept });
    const response = await handle(request);
    return { encoding: response.headers.get("content-encoding"), bytes: await response.bytes() };
  };
  const { encoding, bytes } = await reply("deflate, gzip;q=0.5", large);
  assert.equal(encoding, "gzip");
  assert.ok(bytes.length < 200);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  assert.equal(decodeMethodResponse(await new Response(stream).text()), large);
  assert.equal((await reply("gzip", "small")).encoding, null);
  assert.equal((await reply("identity", large)).encoding, null);
  assert.equal((await reply("gzip;q=0", large)).encoding, null);
});

Deno.test("createXmlRpcHandler uses the charset of the request if the document names none", async () => {
  const handle = createXmlRpcHandler(METHODS);
  const body = Uint8Array.from(
    encodeMethodCall("echo", ["\xe9"]).replace(/^<\?.*\?>/, ""),
    (c) => c.charCodeAt(0),
  );
  const read = async (charset: string) => {
    const response = await handle(post(body, { "content-type": `text/xml; charset=${charset}` }));
    return decodeMethodResponse(await response.text());
  };
  assert.equal(await read("ISO-8859-1"), "é");
  const shouted = post(body, { "content-type": "TEXT/XML; Charset=ISO-8859-1" });
  assert.equal(decodeMethodResponse(await (await handle(shouted)).text()), "é");
  await assert.rejects(read("utf-8"), { faultCode: -32702 });
  await assert.rejects(read("EBCDIC"), { faultCode: -32701 });
});

Deno.test("createXmlRpcHandler refuses invalid limits and time-outs", () => {
  assert.throws(() => createXmlRpcHandler(METHODS, { maxCalls: 0 }), /limit 0/);
  assert.throws(() => createXmlRpcHandler(METHODS, { maxPendingRequests: NaN }), /limit NaN/);
  for (
    const options of [
      { maxBytes: NaN },
      { bodyTimeoutMs: 0 },
      { callTimeoutMs: -5 },
      {
        maxReplyLength: NaN,
      },
      { maxDepth: Infinity },
      { maxValues: 0 },
    ]
  ) {
    assert.throws(() => createXmlRpcHandler(METHODS, options), RangeError);
  }
});

Deno.test("createXmlRpcHandler answers if a hook fails, and awaits results that are thenables", async () => {
  const failing = createXmlRpcHandler(METHODS, {
    authenticate: () => {
      throw new Error("the database is down");
    },
  });
  const refused = await failing(post(encodeMethodCall("echo", [1])));
  assert.equal(refused.status, 500);
  assert.doesNotMatch(await refused.text(), /database/);
  const handle = createXmlRpcHandler({
    later: () => ({ then: (resolve: (value: number) => void) => resolve(5) }),
    fails: () => Promise.reject(new Error("later")),
  }, {
    callTimeoutMs: () => {
      throw new Error("no limit");
    },
  });
  await assert.rejects(call(handle, "fails"), { faultString: "no limit" });
  const patient = createXmlRpcHandler({
    later: () => ({ then: (resolve: (value: number) => void) => resolve(5) }),
  });
  assert.equal(await call(patient, "later"), 5);
});

Deno.test("createXmlRpcHandler ignores surplus parameters of system methods", async () => {
  const handle = createXmlRpcHandler({
    echo: (value) => value,
    add: { invoke: (a, b) => Number(a) + Number(b), signatures: [["int", "int", "int"]] },
  });
  const names = await call(handle, "system.listMethods");
  assert.deepEqual(await call(handle, "system.listMethods", "my-id", 5), names);
  assert.equal(await call(handle, "system.methodHelp", "echo", 1), "");
  await assert.rejects(call(handle, "system.methodHelp", 1, "echo"), { faultCode: -32602 });
  await assert.rejects(call(handle, "add", 1, 2, 3), { faultCode: -32602 });
});

Deno.test("createXmlRpcHandler calls the user's own system methods", async () => {
  const handle = createXmlRpcHandler({
    "system.listMethods": () => ["mine"],
    "system.multicall": { invoke: () => "own", help: "My own." },
  });
  assert.deepEqual(await call(handle, "system.listMethods"), ["mine"]);
  assert.equal(await call(handle, "system.multicall", 5), "own");
  assert.equal(await call(handle, "system.methodHelp", "system.multicall"), "My own.");
});

Deno.test("createXmlRpcHandler drops what onError throws or rejects with", async () => {
  const errors: unknown[] = [];
  for (const fail of [() => Promise.reject(new Error("mine")), () => assert.fail("mine")]) {
    const onError = (error: unknown) => {
      errors.push(error);
      return fail();
    };
    const thrown = new Error("broken");
    const handle = createXmlRpcHandler({ run: () => Promise.reject(thrown) }, { onError });
    assert.equal((await handle(post(encodeMethodCall("run", [])))).status, 200);
    assert.equal(errors.pop(), thrown);
  }
});

Deno.test("createXmlRpcHandler holds few requests, for some time, if authenticate never answers", async () => {
  const errors: unknown[] = [];
  const handle = createXmlRpcHandler({ run: () => "ran" }, {
    authenticate: () => ({ then() {} }),
    maxPendingRequests: 2,
    bodyTimeoutMs: 20,
    onError: (error, name) => errors.push(`${name}: ${error}`),
  });
  const send = () => handle(post(encodeMethodCall("run")));
  for (let round = 0; round < 2; round++) {
    const replies = await Promise.all([send(), send(), send()]);
    assert.deepEqual(replies.map(({ status }) => status), [500, 500, 503]);
    for (const { headers } of replies) assert.equal(headers.get("x-osgi-executed"), "no");
  }
  assert.deepEqual(errors, new Array(4).fill("authenticate: Error: no answer within 20 ms"));
});

Deno.test("createXmlRpcHandler refuses a request whose body authenticate has taken", async () => {
  for (const text of ["short", "long".repeat(10_000)]) {
    const handle = createXmlRpcHandler(METHODS, {
      maxPendingRequests: 1,
      authenticate: async (request) => {
        return request.headers.has("authorization") ? "ada" : await request.text();
      },
    });
    const body = encodeMethodCall("echo", [text]);
    const length = { "content-length": String(body.length) };
    assert.equal((await handle(post(body, length))).status, 400);
    // Its place among the pending requests is free again.
    assert.equal((await handle(post(body, { ...length, authorization: "x" }))).status, 200);
  }
});

Deno.test("createXmlRpcHandler answers with 500 if authenticate returns a response that was sent", async () => {
  const sent = new Response(new Blob(["denied"]).stream(), { status: 401 });
  await sent.text();
  const errors: unknown[] = [];
  const handle = createXmlRpcHandler(METHODS, {
    authenticate: () => sent,
    onError: (error) => void errors.push(error),
  });
  const response = await handle(post(encodeMethodCall("echo", ["x"])));
  assert.equal(response.status, 500);
  assert.equal(errors.length, 1);
});

import assert from "node:assert/strict";
import {
  type EndpointDescription,
  memory,
  type RemoteCall,
  remoteServices,
  withOptions,
  type XmlRpcClientSettings,
  XmlRpcImportProvider,
} from "../../../mod.ts";
import { probeEndpoint } from "../../../src/distribution/xmlrpc/mod.ts";
import { HostRules } from "../../../src/http/mod.ts";
import { encodeMethodResponse } from "../../../src/xmlrpc/mod.ts";
import { aCall } from "../provider_pair.ts";
import { anEndpoint } from "../../support/endpoints.ts";

/** A server that answers every call, and the headers of the requests that it received. */
class TestServer implements AsyncDisposable {
  readonly requests: Headers[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(answer: () => Response = () => new Response(encodeMethodResponse("done"))) {
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      this.requests.push(new Headers(request.headers));
      return answer();
    });
  }

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  readAuthorizations(): (string | null)[] {
    return this.requests.map((headers) => headers.get("authorization"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Calls a method at an address. */
async function callAt(
  containerId: string,
  client: XmlRpcClientSettings = {},
  call: Partial<RemoteCall> = {},
): Promise<unknown> {
  const endpoint = anEndpoint({ containerId });
  const provider = new XmlRpcImportProvider({ ...client });
  const imported = provider.importEndpoint(endpoint);
  try {
    return await imported.call(aCall(endpoint, { method: "read", ...call }));
  } finally {
    imported.close();
    await provider.close();
  }
}

function notAllowed(reason: string) {
  return { name: "RemoteCallError", code: "not-allowed", isExecuted: false, message: reason };
}

Deno.test("XmlRpcImportProvider calls http and https addresses only", async () => {
  const urls = ["ftp://host/a", "file:///etc/passwd", "ws://host/", "data:text/xml,a"];
  urls.push("javascript:alert(1)", "unix:/run/docker.sock", "HTTPX://host/");
  for (const url of urls) {
    const scheme = url.slice(0, url.indexOf(":") + 1).toLowerCase();
    const reason = `Cannot call read of org.example.IAny at ${url}: ` +
      `give an http or https address, not ${scheme}`;
    const fetch = () => Promise.reject(new Error("nothing may be sent"));
    await assert.rejects(callAt(url, { fetch }), notAllowed(reason));
    await assert.rejects(callAt(url), notAllowed(reason));
  }
});

Deno.test("XmlRpcImportProvider sends nothing to hosts that allowHosts does not have", async () => {
  await using server = new TestServer();
  const port = server.host.slice(server.host.indexOf(":") + 1);
  for (const allowHosts of [[server.host], ["127.0.0.1"], ["127.0.0.0/8"], ["a", server.host]]) {
    assert.equal(await callAt(`http://${server.host}/x`, { allowHosts }), "done");
  }
  const { length } = server.requests;
  const fetch = () => Promise.reject(new Error("nothing may be sent"));
  const headers = () => Promise.reject(new Error("no credentials may be created"));
  const reason = (url: string) =>
    `Cannot call read of org.example.IAny at ${url}: client.allowHosts does not have its host`;
  for (const allowHosts of [[], ["localhost"], ["127.0.0.1:1"], ["*.example"], ["10.0.0.0/8"]]) {
    const url = `http://127.0.0.1:${port}/x`;
    await assert.rejects(callAt(url, { allowHosts }), notAllowed(reason(url)));
    await assert.rejects(callAt(url, { allowHosts, headers, fetch }), notAllowed(reason(url)));
    const named = "http://no-such-host.invalid/x";
    await assert.rejects(callAt(named, { allowHosts }), notAllowed(reason(named)));
    const disguised = `http://localhost:pw@127.0.0.1:${port}/x`;
    await assert.rejects(callAt(disguised, { allowHosts }), notAllowed(reason(url)));
  }
  assert.equal(server.requests.length, length);
  assert.throws(() => new XmlRpcImportProvider({ allowHosts: ["http://a/"] }), {
    name: "TypeError",
    message: /in client\.allowHosts/,
  });
});

Deno.test("XmlRpcImportProvider follows updates of an address to one that is not allowed", async () => {
  await using server = new TestServer();
  const endpoint = anEndpoint({ containerId: `http://${server.host}/` });
  const provider = new XmlRpcImportProvider({ allowHosts: [server.host] });
  const imported = provider.importEndpoint(endpoint);
  assert.equal(await imported.call(aCall(endpoint, {})), "done");
  const moved = anEndpoint({ id: endpoint.id, containerId: "http://127.0.0.1:1/" });
  imported.update(moved);
  await assert.rejects(imported.call(aCall(moved, {})), { code: "not-allowed" });
  imported.update(endpoint);
  assert.equal(await imported.call(aCall(endpoint, {})), "done");
  imported.close();
});

Deno.test("A service is called only at the endpoints that allowHosts has", async () => {
  const discovery = [memory()];
  const options = { discovery, drainMs: 0 };
  await using good = await remoteServices({ ...options, http: { port: 0 } });
  await using other = await remoteServices({
    ...options,
    http: { port: 0, hostname: "127.0.0.2" },
  });
  await using peer = await remoteServices({ ...options, client: { allowHosts: ["127.0.0.1"] } });
  let calls = 0;
  await other.register("com.example.Store", { read: () => `wrong ${calls++}` });
  await good.register("com.example.Store", { read: () => "right" });
  const store = await peer.service<{ read(): string }>("com.example.Store");
  for (let index = 0; index < 20; index++) assert.equal(await store.read(), "right");
  assert.equal(calls, 0);
  await good.close();
  await assert.rejects(store.read(), { code: "not-allowed", isExecuted: false });
});

Deno.test("probeEndpoint() sends nothing to an address that may not be called", async () => {
  const http = { request: () => Promise.reject(new Error("nothing may be sent")) };
  const headers = { authorization: "Bearer a" };
  const cases: [given: Parameters<typeof anEndpoint>[0], reason: RegExp][] = [
    [{ intents: ["osgi.confidential"] }, /osgi\.confidential, but its address is not https$/],
    [{ containerId: "http://evil.example/" }, /^--allow-host does not have its host$/],
    [{ containerId: "ftp://127.0.0.1/" }, /give http or https/],
  ];
  const allowHosts = new HostRules(["127.0.0.1"], "--allow-host");
  for (const [given, message] of cases) {
    const endpoint = anEndpoint({ containerId: "http://127.0.0.1:1/", ...given });
    const probe = probeEndpoint(endpoint, { http, headers, allowHosts, timeoutMs: 1000 });
    await assert.rejects(probe, { message });
  }
});

Deno.test("XmlRpcImportProvider follows no redirect", async () => {
  await using target = new TestServer();
  for (const status of [300, 301, 302, 303, 307, 308]) {
    const location = `http://ada:secret@${target.host}/stolen`;
    await using server = new TestServer(() =>
      new Response(null, { status, headers: { location } })
    );
    for (const client of [{}, { fetch }, { headers: { authorization: "Bearer a" } }]) {
      await assert.rejects(callAt(`http://${server.host}/x`, client), {
        name: "RemoteCallError",
        code: "invalid-reply",
        isExecuted: "unknown",
        message: `Cannot call read of org.example.IAny at http://${server.host}/x: HTTP status ` +
          `${status}, a redirect to http://${target.host}/stolen that is not followed, empty`,
      });
    }
    assert.equal(server.requests.length, 3);
  }
  assert.equal(target.requests.length, 0);
});

Deno.test("client.headers may be a function of the endpoint, which is asked for each call", async () => {
  await using server = new TestServer();
  const url = `http://${server.host}/x`;
  const seen: EndpointDescription[] = [];
  const create = (endpoint: EndpointDescription) => {
    seen.push(endpoint);
    return { Authorization: `Bearer ${seen.length}`, "x-a": "1" };
  };
  await callAt(url, { headers: create });
  await callAt(url, { headers: (endpoint) => Promise.resolve(create(endpoint)) });
  await callAt(url, { headers: create }, { headers: { authorization: "Bearer own" } });
  assert.deepEqual(seen.map(({ containerId }) => containerId), [url, url, url]);
  assert.deepEqual(server.readAuthorizations(), ["Bearer 1", "Bearer 2", "Bearer own"]);
  assert.deepEqual(server.requests.map((one) => one.get("x-a")), ["1", "1", "1"]);
  const cause = new Error("http://ada:secret@vault/ is closed");
  const wrong: unknown[] = [null, undefined, "authorization: a", [["x-a", "1"]], { "x-a": 1 }];
  wrong.push(new Headers({ "x-a": "1" }), new Map([["x-a", "1"]]));
  for (const made of wrong) {
    await assert.rejects(callAt(url, { headers: () => made as never }), {
      code: "not-sendable",
      isExecuted: false,
      message:
        /: client\.headers failed: Cannot use its result: give an object of strings, such as /,
    });
    if (made === undefined) continue;
    assert.throws(() => new XmlRpcImportProvider({ headers: made as never }), {
      name: "TypeError",
      message: /^Cannot use client\.headers: give an object of strings, such as /,
    });
  }
  await assert.rejects(callAt(url, { headers: () => Promise.reject(cause) }), {
    code: "not-sendable",
    isExecuted: false,
    message: /at http:\S+\/x: client\.headers failed: http:\/\/vault\/ is closed$/,
  });
  await assert.rejects(callAt(url, { headers: () => ({ "x-a": "ä" }) }), { code: "not-sendable" });
  assert.equal(server.requests.length, 3);
});

Deno.test("client.headers is asked for the description that the call goes to, also in an update", async () => {
  await using before = new TestServer();
  await using after = new TestServer();
  const first = anEndpoint({ containerId: `http://${before.host}/` });
  const moved = anEndpoint({ id: first.id, containerId: `http://${after.host}/` });
  const asked: (() => void)[] = [];
  const provider = new XmlRpcImportProvider({
    headers: async ({ containerId = "" }) => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return { authorization: `Bearer ${new URL(containerId).host}` };
    },
  });
  const imported = provider.importEndpoint(first);
  const early = imported.call(aCall(first, {}));
  imported.update(moved);
  const late = imported.call(aCall(first, {})); // an interceptor still has the description of before
  for (const answer of asked) answer();
  await Promise.all([early, late]);
  assert.deepEqual(before.readAuthorizations(), [`Bearer ${before.host}`]);
  assert.deepEqual(after.readAuthorizations(), [`Bearer ${after.host}`]);
  imported.close();
});

Deno.test("client.headers may take no longer than the call, and ends with its signal", async () => {
  const headers = () => new Promise<never>(() => {});
  const url = "http://127.0.0.1:1/";
  const late = { deadlineMs: performance.now() + 5 };
  await assert.rejects(callAt(url, { headers }, late), { code: "timeout", isExecuted: false });
  const signal = AbortSignal.abort(new Error("left"));
  await assert.rejects(callAt(url, { headers }, { signal }), /left/);
});

Deno.test("An authorization header goes only to allowHosts, whatever sets it", async () => {
  const discovery = [memory()];
  await using good = await remoteServices({ discovery, http: { port: 0 }, drainMs: 0 });
  await using evil = new TestServer();
  await good.register("com.example.Store", { read: () => "right" });
  const [known] = good.admin.exports;
  const headers = { AUTHORIZATION: "Bearer client" };
  await using peer = await remoteServices({
    discovery,
    client: { headers, allowHosts: [new URL(known?.containerId ?? "").host] },
    interceptors: {
      client: [
        (next) => (call) =>
          next({ ...call, headers: { ...call.headers, Authorization: "Bearer interceptor" } }),
      ],
    },
  });
  const containerId = `http://ada:secret@${evil.host}/`;
  peer.admin.importService(anEndpoint({ interfaces: ["com.example.Evil"], containerId }));
  const store = await peer.service<{ read(): string }>("com.example.Store");
  assert.equal(
    await withOptions(store, { headers: { authorization: "Bearer call" } }).read(),
    "right",
  );
  const stolen = await peer.service<{ read(): string }>("com.example.Evil");
  await assert.rejects(
    withOptions(stolen, { headers: { authorization: "Bearer call" } }).read(),
    { code: "not-allowed" },
  );
  assert.deepEqual(evil.requests, []);
});

Deno.test("A header of a call replaces the client's of the same name", async () => {
  await using server = new TestServer();
  const url = `http://${server.host}/x`;
  const headers = { Authorization: "Bearer client" };
  await callAt(url, { headers });
  await callAt(url, { headers }, { headers: { authorization: "Bearer call" } });
  const twice = { authorization: "Bearer call", Authorization: "Bearer later" };
  await callAt(url, { headers }, { headers: twice });
  const authorizations = ["Bearer client", "Bearer call", "Bearer later"];
  assert.deepEqual(server.readAuthorizations(), authorizations);
});

Deno.test("User name and password of an address become Basic authentication, also with fetch", async () => {
  await using server = new TestServer();
  const url = `http://ad%40a:se%3Acret@${server.host}/x`;
  await callAt(url);
  await callAt(url, { fetch });
  await callAt(url, { fetch, headers: { Authorization: "Bearer a" } });
  const basic = `Basic ${btoa("ad@a:se:cret")}`;
  assert.deepEqual(server.readAuthorizations(), [basic, basic, "Bearer a"]);
});

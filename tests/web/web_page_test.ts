import assert from "node:assert/strict";
import { basicAuth, memory, remoteServices } from "../../mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { EndpointFeed } from "../../src/web/feed/endpoint_feed.ts";
import type { EndpointRow } from "../../src/web/feed/endpoint_row.ts";
import { webPage } from "../../src/web/mod.ts";
import { PageStream } from "../../src/web/page_stream.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { startWorld, StreamClient } from "./support.ts";

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}call`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

Deno.test("webPage serves its files with headers that allow nothing from other sites", async () => {
  await using world = await startWorld();
  const { url } = world.page;
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/page\/$/);
  for (const name of ["", "main.js", "style.css", "icon.svg", "settings", "filter", "endpoint"]) {
    const response = await fetch(url + name);
    await response.body?.cancel();
    const csp = response.headers.get("content-security-policy") ?? "";
    assert.ok(csp.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), name);
    assert.ok(csp.includes("frame-ancestors 'none'"), name);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", name);
    assert.equal(response.headers.get("cache-control"), "no-store", name);
  }
  const redirect = await fetch(url.slice(0, -1), { redirect: "manual" });
  await redirect.body?.cancel();
  assert.equal(redirect.status, 308);
  assert.equal(new URL(redirect.headers.get("location") ?? "", url.slice(0, -1)).href, url);
  const refused = await fetch(url, { method: "POST" });
  assert.equal(refused.status, 405);
  await refused.body?.cancel();
});

Deno.test("webPage names only files of its own in its page", async () => {
  await using world = await startWorld();
  const html = await (await fetch(world.page.url)).text();
  const names = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name = ""]) => name);
  assert.ok(names.length >= 4);
  for (const name of names) {
    const response = await fetch(new URL(name, world.page.url));
    assert.equal(response.status, 200, name);
    await response.body?.cancel();
  }
  assert.ok(!/<script>|<style>| style=| on\w+=/.test(html));
});

Deno.test("webPage refuses requests of other sites, whatever the server allows", async () => {
  await using world = await startWorld({ allowCalls: true }, {
    http: { port: 0, allowedOrigins: ["https://app.example"] },
  });
  const { url } = world.page;
  const attempts: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "https://app.example", "sec-fetch-site": "cross-site" },
    { origin: "null" },
    { host: "evil.example" },
  ];
  for (const headers of attempts) {
    for (const name of ["", "events", "endpoint", "call"]) {
      const method = name === "call" ? "POST" : "GET";
      const body = method === "POST" ? { body: "{}" } : {};
      const response = await world.host.http?.handle(
        new Request(url.replace(/127\.0\.0\.1/, headers["host"] ?? "127.0.0.1") + name, {
          method,
          headers,
          ...body,
        }),
      );
      assert.equal(response?.status, 403, `${name} ${JSON.stringify(headers)}`);
    }
  }
});

Deno.test("webPage refuses users whom authenticate refuses", async () => {
  await using world = await startWorld({
    authenticate: basicAuth({ ada: "secret" }, "page"),
    allowCalls: true,
  });
  const { url } = world.page;
  for (const name of ["", "main.js", "events", "endpoint?id=x", "filter", "settings"]) {
    const response = await fetch(url + name);
    assert.equal(response.status, 401, name);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Basic realm="page"/);
    await response.body?.cancel();
  }
  assert.equal((await post(url, {})).status, 401);
  const authorization = `Basic ${btoa("ada:secret")}`;
  const response = await fetch(url, { headers: { authorization } });
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

Deno.test("webPage answers 500 without details if authenticate throws", async () => {
  await using world = await startWorld({
    authenticate: () => {
      throw new Error("the secret store is away");
    },
  });
  const response = await fetch(world.page.url);
  assert.equal(response.status, 500);
  assert.ok(!(await response.text()).includes("secret"));
});

Deno.test("webPage is not served to other machines without authenticate", async () => {
  await using host = await remoteServices({ discovery: [memory()], drainMs: 0 });
  const http = { hostname: "0.0.0.0", port: 0, advertisedHostname: "127.0.0.1" };
  await assert.rejects(webPage(host, { http }), {
    name: "TypeError",
    message: /other machines can reach the server; give authenticate/,
  });
  await using page = await webPage(host, { http, authenticate: basicAuth({ ada: "x" }) });
  const response = await fetch(page.url);
  assert.equal(response.status, 401);
  await response.body?.cancel();
});

Deno.test("webPage with a server of its own is at its root, and ends it", async () => {
  await using host = await remoteServices({ discovery: [memory()], drainMs: 0 });
  const page = await webPage(host, { http: { port: 0 } });
  assert.equal(new URL(page.url).pathname, "/");
  assert.equal((await (await fetch(page.url)).text()).slice(0, 15), "<!DOCTYPE html>");
  await page.close();
  await page.close();
  await assert.rejects(fetch(page.url));
});

Deno.test("webPage checks its options before the port is taken", async () => {
  await using host = await remoteServices({ discovery: [memory()], drainMs: 0 });
  await assert.rejects(webPage(host, { pth: "/x" } as object), /did you mean path\?/);
  await assert.rejects(webPage(host, { path: "page" }), /Cannot serve the page at "page"/);
  await assert.rejects(webPage(host, { callTimeoutMs: -1 }), RangeError);
  await assert.rejects(webPage(host, { authenticate: true as never }), /Cannot use authenticate/);
  assert.equal(host.http?.state.kind, "created");
  await using _page = await webPage(host, { http: { port: 0 } });
});

Deno.test("webPage at a path that has a servlet leaves nothing behind", async () => {
  await using host = await remoteServices({
    discovery: [memory()],
    http: { port: 0 },
    drainMs: 0,
  });
  using _taken = host.http?.register("/page/style.css", () => new Response("mine"));
  await assert.rejects(webPage(host), /it has a servlet/);
  const response = await fetch(`${host.http?.url}/page/`);
  assert.equal(response.status, 404);
  await response.body?.cancel();
});

Deno.test("The stream sends a whole listing, then each change", async () => {
  await using world = await startWorld();
  await world.publisher.advertise(anEndpoint({ id: "a" }));
  await using client = await StreamClient.open(world.page.url);
  assert.equal(client.response.headers.get("content-type"), "text/event-stream");
  const first = await client.until(({ listing }) => listing === "all");
  assert.deepEqual(first.message.rows?.map(({ id }) => id), ["a"]);
  assert.equal(first.message.health?.state, "synced");
  await world.publisher.advertise(anEndpoint({ id: "b" }));
  const added = await client.until(({ rows }) => rows?.some(({ id }) => id === "b"));
  assert.equal(added.message.rows?.[0]?.change, "added");
  assert.equal(added.message.total, 2);
  assert.deepEqual(added.message.events?.map(({ type }) => type), ["added"]);
  await world.publisher.unadvertise("a");
  const gone = await client.until(({ rows }) => rows?.some(({ id }) => id === "a"));
  assert.equal(gone.message.rows?.[0]?.change, "removed");
});

Deno.test("The stream continues after the last message, or lists everything for another server", async () => {
  await using world = await startWorld();
  await world.publisher.advertise(anEndpoint({ id: "a" }));
  let last: string | undefined;
  {
    await using client = await StreamClient.open(world.page.url);
    last = (await client.until(({ listing }) => listing === "all")).id;
  }
  await world.publisher.advertise(anEndpoint({ id: "b" }));
  await using again = await StreamClient.open(world.page.url, { last: last ?? "" });
  const continued = await again.next();
  assert.equal(continued?.message.listing, undefined);
  assert.deepEqual(continued?.message.rows?.map(({ id }) => id), ["b"]);
  for (const other of ["0.0", `${last?.split(".")[0]}.99999`, "x", `${last}x`]) {
    await using client = await StreamClient.open(world.page.url, { last: other });
    const whole = await client.next();
    assert.equal(whole?.message.listing, "all", other);
    assert.equal(whole?.message.rows?.length, 2, other);
  }
});

Deno.test("The stream has what a filter matches, and drops what does not match any more", async () => {
  await using world = await startWorld();
  const red = new Map([["colour", "red"]]);
  await world.publisher.advertise(anEndpoint({ id: "a", extras: red, timestampMs: 1 }));
  await world.publisher.advertise(anEndpoint({ id: "b", timestampMs: 1 }));
  await using client = await StreamClient.open(world.page.url, { filter: "(colour=red)" });
  const first = await client.until(({ listing }) => listing === "all");
  assert.deepEqual(first.message.rows?.map(({ id }) => id), ["a"]);
  assert.equal(first.message.total, 2);
  await world.publisher.update(anEndpoint({ id: "a", timestampMs: 2 }));
  const dropped = await client.until((message) => message.dropped !== undefined);
  assert.deepEqual(dropped.message.dropped, ["a"]);
  const invalid = await fetch(`${world.page.url}events?filter=(x`);
  assert.equal(invalid.status, 400);
  await invalid.body?.cancel();
  const check = await fetch(`${world.page.url}filter?filter=(x`);
  assert.match((await check.json()).message, /filter/i);
});

Deno.test("A client that does not read receives the net change in one message", async () => {
  await using world = await startWorld();
  const feed = new EndpointFeed(world.host, SYSTEM_CLOCK, () => {});
  using _subscription = feed.start();
  const stream = new PageStream({
    feed,
    epoch: "e",
    getNowMs: () => 1,
    getMethods: () => [],
    matches: () => true,
    lastId: undefined,
    onEnd: () => {},
  });
  const reader = stream.createBody().getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  assert.match(await read(), /^retry: \d+\nid: e\.\d+\ndata: \{.*"listing":"all"/);
  for (let round = 1; round <= 500; round++) {
    for (const id of ["a", "b"]) {
      const extras = new Map([["round", `${round}`]]);
      await world.publisher.advertise(anEndpoint({ id, timestampMs: round, extras }));
    }
    stream.notify();
    stream.tick();
  }
  await world.publisher.unadvertise("b");
  while (feed.journal.size > 1) await new Promise((resolve) => setImmediate(resolve));
  const rows = JSON.parse((await read()).replace(/^[^]*?data: /, "")).rows;
  assert.deepEqual(
    rows.map(({ id, change, properties }: EndpointRow) => [id, change, properties]),
    [["a", "modified", "round=500"], ["b", "removed", "round=500"]],
  );
  stream.end();
  assert.equal((await reader.read()).done, true);
});

Deno.test("An endpoint in its grace time is leaving until it is gone", async () => {
  await using world = await startWorld({}, { removalGraceMs: 1500 });
  const other = world.publisher;
  await other.advertise(anEndpoint({ id: "a" }));
  await using client = await StreamClient.open(world.page.url);
  await client.until(({ listing }) => listing === "all");
  world.hub.stop();
  const away = await client.until(({ health }) => health !== undefined);
  assert.equal(away.message.health?.state, "stale");
  assert.match(away.message.health?.reason ?? "", /known endpoints stay usable/);
  await other.close();
  world.hub.start();
  const leaving = await client.until(({ rows }) => rows?.[0]?.isLeaving);
  assert.equal(leaving.message.total, 1);
  await client.until(({ rows }) => rows?.[0]?.change === "removed");
});

Deno.test("The endpoints that the host exports itself are listed as its own", async () => {
  await using world = await startWorld();
  await using client = await StreamClient.open(world.page.url);
  await client.until(({ listing }) => listing === "all");
  const registration = await world.host.register("com.example.Own", { greet: () => "Hello" });
  const added = await client.until(({ rows }) => rows?.[0]?.change === "added");
  assert.equal(added.message.rows?.[0]?.isOwn, true);
  await registration.close();
  const gone = await client.until(({ rows }) => rows?.[0]?.change === "removed");
  assert.equal(gone.message.total, 0);
});

Deno.test("The stream has the calls of the host by method", async () => {
  await using world = await startWorld();
  await using server = await remoteServices({
    discovery: [memory({ hub: world.hub })],
    http: { port: 0 },
    drainMs: 0,
  });
  await server.register("com.example.Greeter", {
    greet: () => "Hello",
    fail: () => {
      throw new Error("no");
    },
  });
  const greeter = await world.host.service<{ greet(): string; fail(): string }>(
    "com.example.Greeter",
  );
  await greeter.greet();
  await assert.rejects(greeter.fail());
  await world.host.register("com.example.Own", { ping: () => "pong" });
  await (await server.service<{ ping(): string }>("com.example.Own")).ping();
  await using client = await StreamClient.open(world.page.url);
  const { message } = await client.until(({ methods }) => methods?.length === 3);
  assert.deepEqual(
    message.methods?.map((
      { direction, method, calls, errors, p50Ms },
    ) => [direction, method, calls, errors, typeof p50Ms]),
    [
      ["outgoing", "greet", 1, 0, "number"],
      ["outgoing", "fail", 1, 1, "number"],
      ["incoming", "ping", 1, 0, "number"],
    ],
  );
});

Deno.test("A call from the page is logged with the name of its caller", async () => {
  const records: string[] = [];
  const logger = { ...SILENT, info: (message: string) => void records.push(message) };
  const authenticate = basicAuth({ ada: "secret" });
  await using world = await startWorld({ allowCalls: true, authenticate, logger });
  await world.publisher.advertise(
    anEndpoint({ id: "a", containerId: "http://127.0.0.1:1/xml-rpc" }),
  );
  const authorization = `Basic ${btoa("ada:secret")}`;
  const body = { endpointId: "a", method: "echo", arguments: [] };
  const { text } = await post(world.page.url, body, { authorization });
  assert.equal(JSON.parse(text).code, "unreachable");
  assert.deepEqual(records, ["The page calls echo of org.example.IAny for ada"]);
});

Deno.test("Calls are refused unless allowCalls is true", async () => {
  await using world = await startWorld();
  const reply = await post(world.page.url, { endpointId: "a", method: "greet", arguments: [] });
  assert.equal(reply.status, 403);
  assert.match(reply.text, /allowCalls/);
});

Deno.test("A call returns its result, or the code of its error and whether the method ran", async () => {
  await using world = await startWorld({ allowCalls: true });
  await using server = await remoteServices({
    discovery: [memory({ hub: world.hub })],
    http: { port: 0 },
    drainMs: 0,
  });
  const { endpoint: { id: endpointId } } = await server.register("com.example.Greeter", {
    greet: (name: string) => ({ text: `Hello ${name}`, bytes: new Uint8Array([1, 2]) }),
    fail: () => {
      throw new Error("at http://ada:hunter2@host");
    },
  });
  await world.host.service("com.example.Greeter");
  const call = async (body: object) => JSON.parse((await post(world.page.url, body)).text);
  const result = await call({ endpointId, method: "greet", arguments: ["you"] });
  assert.equal(result.kind, "result");
  assert.deepEqual(JSON.parse(result.result), { text: "Hello you", bytes: "AQI=" });
  const body = `{"endpointId":"${endpointId}","method":"greet","arguments":[9007199254740993]}`;
  const exact = JSON.parse((await post(world.page.url, body)).text);
  assert.match(exact.result, /Hello 9007199254740993"/);
  const fault = await call({ endpointId, method: "fail", arguments: [] });
  assert.deepEqual([fault.kind, fault.name, fault.code, fault.isExecuted], [
    "error",
    "RemoteFault",
    "fault",
    true,
  ]);
  assert.ok(!fault.message.includes("hunter2"));
  const missing = await call({ endpointId, method: "nothing", arguments: [] });
  assert.equal(missing.kind, "error");
  const gone = await call({ endpointId: "x", method: "greet", arguments: [] });
  assert.equal(gone.code, "endpoint-gone");
  for (const body of [null, 1, { endpointId }, { endpointId, method: "a.b", arguments: [] }]) {
    assert.equal((await post(world.page.url, body)).status, 400, JSON.stringify(body));
  }
  const form = await post(world.page.url, {}, { "content-type": "text/plain" });
  assert.equal(form.status, 415);
});

Deno.test("The streams end with the page, and do not hold up the end of the host", async () => {
  const world = await startWorld();
  const client = await StreamClient.open(world.page.url);
  await client.until(({ listing }) => listing === "all");
  const beganMs = performance.now();
  await world.host.close();
  assert.ok(performance.now() - beganMs < 5000);
  while (await client.next() !== undefined);
  await client[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

Deno.test("webPage refuses the 101st client, and serves another once one has left", async () => {
  await using world = await startWorld();
  const clients: StreamClient[] = [];
  for (let index = 0; index < 100; index++) clients.push(await StreamClient.open(world.page.url));
  const refused = await fetch(`${world.page.url}events`);
  assert.equal(refused.status, 503);
  await refused.body?.cancel();
  for (const client of clients) await client[Symbol.asyncDispose]();
  let status = 503;
  while (status === 503) {
    await using client = await StreamClient.open(world.page.url);
    status = client.response.status;
  }
  assert.equal(status, 200);
});

Deno.test("webPage works on a server of Node", async () => {
  await using world = await startWorld({}, { http: { port: 0, server: "node" } });
  await using client = await StreamClient.open(world.page.url);
  await client.until(({ listing }) => listing === "all");
  await world.publisher.advertise(anEndpoint({ id: "a" }));
  await client.until(({ rows }) => rows?.[0]?.id === "a");
});

import assert from "node:assert/strict";
import { HttpService, type HttpServiceOptions } from "../../../src/http/mod.ts";

/** Returns the answer of a service to a request with some headers, without a network. */
async function ask(
  options: HttpServiceOptions,
  headers: Record<string, string>,
  url = "http://127.0.0.1:8181/a",
  method = "POST",
): Promise<Response> {
  const http = new HttpService(options);
  http.register("/a", () => new Response("ok"));
  return await http.handle(new Request(url, { method, headers }));
}

async function readStatus(...args: Parameters<typeof ask>): Promise<number> {
  return (await ask(...args)).status;
}

Deno.test("PageGuard lets programs and pages of the same origin in", async () => {
  assert.equal(await readStatus({}, {}), 200);
  assert.equal(await readStatus({}, { "sec-fetch-site": "none" }), 200);
  const own = { "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:8181" };
  assert.equal(await readStatus({}, own), 200);
  assert.equal(await readStatus({}, { origin: "http://127.0.0.1:8181" }), 200);
});

Deno.test("PageGuard refuses pages of other sites, sandboxed pages and files", async () => {
  const cases: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:8182" },
    { origin: "https://127.0.0.1:8181" },
    { origin: "http://127.0.0.1:8181", "sec-fetch-site": "cross-site" },
  ];
  for (const headers of cases) {
    const response = await ask({}, headers);
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.equal(response.headers.get("x-osgi-executed"), "no");
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("PageGuard refuses unknown host names on loopback, and from pages anywhere", async () => {
  const rebound = "http://evil.example:8181/a";
  assert.equal(await readStatus({}, {}, rebound), 403);
  for (const host of ["localhost:8181", "127.0.0.1", "[::1]:8181", "LOCALHOST", "10.0.0.1:1"]) {
    assert.equal(await readStatus({}, {}, `http://${host}/a`), 200, host);
  }
  assert.equal(await readStatus({ allowedHosts: ["evil.example"] }, {}, rebound), 200);
  assert.equal(await readStatus({ advertisedHostname: "evil.example" }, {}, rebound), 200);
  const open = { hostname: "0.0.0.0", advertisedHostname: "node-1" };
  assert.equal(await readStatus(open, {}, rebound), 200);
  const page = { origin: "http://evil.example:8181", "sec-fetch-site": "same-origin" };
  assert.equal(await readStatus(open, page, rebound), 403);
  const own = { origin: "http://node-1:8181", "sec-fetch-site": "same-origin" };
  assert.equal(await readStatus(open, own, "http://node-1:8181/a"), 200);
});

Deno.test("PageGuard answers allowed origins with CORS headers, preflights included", async () => {
  const origin = "https://app.example";
  const options = { allowedOrigins: [origin] };
  const response = await ask(options, { origin, "sec-fetch-site": "cross-site" });
  assert.equal(await response.text(), "ok");
  assert.equal(response.headers.get("access-control-allow-origin"), origin);
  assert.equal(response.headers.get("vary"), "origin");
  const preflight = await ask(
    options,
    {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-a",
      "access-control-request-private-network": "true",
    },
    undefined,
    "OPTIONS",
  );
  assert.equal(preflight.status, 204);
  assert.deepEqual(Object.fromEntries(preflight.headers), {
    "access-control-allow-headers": "content-type,x-a",
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-origin": origin,
    "access-control-allow-private-network": "true",
    "access-control-max-age": "600",
    "vary": "origin",
  });
  assert.equal(await readStatus(options, { origin: "https://other.example" }), 403);
  assert.equal(await readStatus({ allowedOrigins: ["null"] }, { origin: "null" }), 200);
});

Deno.test("PageGuard lets an allowed page read that the server is closing, not other pages", async () => {
  const http = new HttpService({ port: 0, allowedOrigins: ["https://app.example"] });
  await http.start();
  await http.close();
  const read = async (origin: string) => {
    const { status, headers } = await http.handle(new Request(http.url, { headers: { origin } }));
    return [status, headers.get("access-control-allow-origin"), headers.get("x-osgi-executed")];
  };
  assert.deepEqual(await read("https://app.example"), [503, "https://app.example", "no"]);
  assert.deepEqual(await read("https://evil.example"), [403, null, "no"]);
});

Deno.test("PageGuard allows the origins of extensions and programs", async () => {
  const origins = ["chrome-extension://abcdef", "moz-extension://12-ab", "tauri://localhost"];
  for (const origin of origins) {
    const response = await ask({ allowedOrigins: origins }, { origin });
    assert.equal(response.headers.get("access-control-allow-origin"), origin);
  }
});

Deno.test("PageGuard refuses options that would match nothing, and says what to give", () => {
  const cases: [options: object, message: RegExp][] = [
    [{ allowedOrigins: ["*"] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: ["app.example"] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: ["app.example:8080"] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: ["https://App.example:443/"] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: ["https://bücher.example"] }, /such as "https:\/\/xn--bcher-kva.example"/],
    [{ allowedOrigins: ["moz-extension://12-ab/"] }, /such as "moz-extension:\/\/12-ab"/],
    [{ allowedOrigins: ["file:///a"] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: [undefined] }, /such as "https:\/\/app.example"/],
    [{ allowedOrigins: "https://app.example" }, /^Cannot use allowedOrigins: it is not a list/],
    [{ allowedHosts: "node-1" }, /^Cannot use allowedHosts: it is not a list/],
    [
      { allowedHosts: ["node-1:8181"] },
      /^Cannot use allowedHosts "node-1:8181": .* without scheme/,
    ],
    [{ allowedHosts: ["http://node-1"] }, /^Cannot use allowedHosts "http:\/\/node-1"/],
    [{ allowedHosts: ["*.example"] }, /^Cannot use allowedHosts "\*.example"/],
    [{ allowedHosts: ["bücher.example"] }, /in ASCII it is xn--bcher-kva.example$/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => new HttpService(options), { name: "TypeError", message });
  }
});

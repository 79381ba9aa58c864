import assert from "node:assert/strict";
import { HttpService, type HttpServiceOptions } from "../../../src/http/mod.ts";

/** Sends a request with exact lines; returns the status and the headers of the answer. */
async function send(port: number, lines: readonly string[]): Promise<[number, Headers]> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const buffer = new Uint8Array(10_000);
  let answer = "";
  while (!answer.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    answer += new TextDecoder().decode(buffer.subarray(0, count));
  }
  const [status = "", ...headers] = answer.split("\r\n\r\n")[0]?.split("\r\n") ?? [];
  const entries = headers.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return [Number(status.split(" ")[1]), new Headers(entries)];
}

async function withServer(
  options: HttpServiceOptions,
  run: (ask: (...lines: string[]) => Promise<[number, Headers]>, port: number) => Promise<void>,
): Promise<void> {
  for (const server of ["deno", "node"] as const) {
    await using http = new HttpService({ port: 0, server, ...options });
    await http.start();
    http.register("/a", () => new Response("ok", { headers: { vary: "accept-encoding" } }));
    http.register("/fails", () => {
      throw new Error("a secret");
    });
    const port = Number(new URL(http.url).port);
    const ask = (...lines: string[]) =>
      send(port, ["POST /a HTTP/1.1", "Content-Length: 0", "Connection: close", ...lines]);
    await run(ask, port);
  }
}

Deno.test("Both servers apply the guard to the bytes that browsers and programs send", async () => {
  await withServer({}, async (ask, port) => {
    const host = `Host: 127.0.0.1:${port}`;
    const own = `Origin: http://127.0.0.1:${port}`;
    const cases: [status: number, lines: string[]][] = [
      [200, [host]],
      [200, [`hOST: LOCALHOST:${port}`]],
      [200, [`Host: localhost.:${port}`]],
      [200, ["Host: localhost"]],
      [200, ["Host: [::1]:99"]],
      [200, ["Host: [::1]"]],
      [200, ["Host: 10.1.2.3"]],
      [403, ["Host: evil.example"]],
      [403, [`Host: EVIL.example.:${port}`]],
      [403, ["Host: localhost.evil.example"]],
      [403, ["Host: 127.0.0.1.evil.example"]],
      [403, ["Host: evil-localhost"]],
      [200, [host, own]],
      [200, [`Host: LOCALHOST:${port}`, `Origin: http://localhost:${port}`]],
      [200, ["Host: localhost:80", "Origin: http://localhost"]],
      [200, [host, own, "Sec-Fetch-Site: same-origin"]],
      [200, [host, "sec-fetch-SITE: none"]],
      [200, ["Host: localhost", "Origin: https://localhost", "Sec-Fetch-Site: same-origin"]],
      [200, ["Host: localhost", "Origin: https://localhost:8443", "Sec-Fetch-Site: same-origin"]],
      [200, ["Host: localhost:443", "Origin: https://localhost", "Sec-Fetch-Site: same-origin"]],
      [403, ["Host: localhost:99", "Origin: https://localhost", "Sec-Fetch-Site: same-origin"]],
      [403, ["Host: localhost", "Origin: https://evil.example", "Sec-Fetch-Site: same-origin"]],
      [403, ["Host: localhost", "Origin: null", "Sec-Fetch-Site: same-origin"]],
      [403, ["Host: localhost", "Origin: https://localhost"]],
      [403, ["Host: localhost", "Origin: https://localhost", "Sec-Fetch-Site: same-site"]],
      [403, [host, "Sec-Fetch-Site: cross-site"]],
      [403, [host, "Sec-Fetch-Site: same-site"]],
      [403, [host, "Sec-Fetch-Site: Cross-Site"]],
      [403, [host, "Sec-Fetch-Site: anything"]],
      [403, [host, "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"]],
      [403, [host, "Sec-Fetch-Site: same-origin, cross-site"]],
      [403, [host, "Origin: null"]],
      [403, [host, "Origin: "]],
      [403, [host, own, own]],
      [403, [host, "Origin: http://127.0.0.1"]],
      [403, [host, `Origin: https://127.0.0.1:${port}`]],
      [403, [host, `Origin: http://localhost:${port}`]],
      [403, [host, own, "Sec-Fetch-Site: cross-site"]],
      [403, ["Host: evil.example", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin"]],
    ];
    for (const [wanted, lines] of cases) {
      const [status, headers] = await ask(...lines);
      assert.equal(status, wanted, lines.join(", "));
      assert.equal(headers.get("x-osgi-executed"), wanted === 200 ? null : "no", lines.join());
      assert.equal(headers.get("access-control-allow-origin"), null);
    }
    const unreadable = [
      ["Host: evil.example:99999"],
      ["Host: evil.example:port"],
      ["Host: localhost, evil.example"],
      ["Host: evil<.example"],
      ["Host: evil%zz.example"],
      ["Host: localhost@evil.example"],
      ["Host: evil.example@localhost"],
      ["Host: localhost#.evil.example"],
      ["Host: localhost\\.evil.example"],
      [host, "Host: evil.example"],
      ["Host: evil.example", host],
    ];
    for (const lines of unreadable) {
      const [status] = await ask(...lines);
      assert.ok(status === 400 || status === 403, `${lines.join(", ")}: ${status}`);
    }
    assert.equal((await ask("Host: [fe80::1%25eth0]:80"))[0], 200, "programs send the zone");
    const [old] = await send(port, ["POST /a HTTP/1.0", "Content-Length: 0"]);
    assert.ok(old === 200 || old === 400, `HTTP/1.0 without a host is no web page: ${old}`);
    const [absolute] = await send(port, [
      `POST http://evil.example/a HTTP/1.1`,
      "Host: evil.example",
      "Content-Length: 0",
    ]);
    assert.equal(absolute, 403);
  });
});

Deno.test("Both servers answer allowed origins and their preflights with CORS headers", async () => {
  const origin = "https://app.example";
  await withServer({ allowedOrigins: [origin], allowedHosts: ["Node-1"] }, async (ask, port) => {
    for (const host of [`127.0.0.1:${port}`, "node-1", "NODE-1.:80"]) {
      const [status, headers] = await ask(
        `Host: ${host}`,
        `Origin: ${origin}`,
        "Sec-Fetch-Site: cross-site",
      );
      assert.equal(status, 200);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.equal(headers.get("access-control-expose-headers"), "x-osgi-executed");
      assert.match(headers.get("vary") ?? "", /accept-encoding, *origin/);
    }
    for (const [path, wanted] of [["/none", 404], ["/fails", 500]] as const) {
      const lines = ["Host: localhost", `Origin: ${origin}`, "Connection: close"];
      const [status, headers] = await send(port, [`GET ${path} HTTP/1.1`, ...lines]);
      assert.equal(status, wanted);
      assert.equal(headers.get("access-control-allow-origin"), origin, path);
    }
    const refused = [
      [`Host: 127.0.0.1`, "Origin: https://app.example:8443"],
      [`Host: 127.0.0.1`, "Origin: http://app.example"],
      [`Host: 127.0.0.1`, "Origin: https://sub.app.example"],
      [`Host: 127.0.0.1`, "Origin: https://app.example.evil"],
      [`Host: evil.example`, `Origin: ${origin}`],
    ];
    for (const lines of refused) assert.equal((await ask(...lines))[0], 403, lines.join());
    const ask2 = (from: string) =>
      send(port, [
        "OPTIONS /a HTTP/1.1",
        `Host: 127.0.0.1:${port}`,
        `Origin: ${from}`,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization,content-type",
      ]);
    const [status, headers] = await ask2(origin);
    assert.equal(status, 204);
    assert.equal(headers.get("access-control-allow-headers"), "authorization,content-type");
    assert.equal(headers.get("access-control-allow-methods"), "GET, HEAD, POST");
    assert.equal((await ask2("https://evil.example"))[0], 403);
  });
});

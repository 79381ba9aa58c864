import { HttpService } from "../../src/http/mod.ts";
import { createXmlRpcHandler, encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import type { Attack } from "./attack.ts";

const BODY = encodeMethodCall("echo", ["x"]);

/** Headers that browsers send for pages of other sites. */
const PAGES: readonly [name: string, headers: readonly string[]][] = [
  ["fetch of another site", ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"]],
  ["sandboxed page", ["Origin: null", "Sec-Fetch-Site: cross-site"]],
  ["page of another port", ["Origin: http://127.0.0.1:1", "Sec-Fetch-Site: same-site"]],
  ["browser without Fetch Metadata", ["Origin: https://evil.example"]],
  ["request without an origin", ["Sec-Fetch-Site: cross-site"]],
  ["rebound host name", ["Host: evil.example"]],
  ["host name that no URL can have", ["Host: evil.example:99999"]],
  ["two host names", ["Host: 127.0.0.1", "Host: evil.example"]],
];

/** Sends a POST with exact headers; returns the status. */
async function post(port: number, lines: readonly string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const host = lines.some((line) => line.startsWith("Host:")) ? [] : [`Host: 127.0.0.1:${port}`];
  const head = ["POST /xml-rpc HTTP/1.1", ...host, ...lines, `Content-Length: ${BODY.length}`];
  await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n${BODY}`));
  const buffer = new Uint8Array(1000);
  const count = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(9, Math.min(12, count)));
}

/** Attacks by web pages, as the bytes that a browser sends. */
export const PAGE_ATTACKS: readonly Attack[] = (["deno", "node"] as const).map((server) => ({
  name: `pages of other sites call a service on loopback, server "${server}"`,
  bar: "every one is refused with 403 or 400, a program is answered",
  run: async () => {
    await using http = new HttpService({ port: 0, server });
    await http.start();
    http.register("/xml-rpc", createXmlRpcHandler({ echo: (value) => value }));
    const port = Number(new URL(http.url).port);
    const statuses = await Promise.all(PAGES.map(([, headers]) => post(port, headers)));
    const program = await post(port, ["Content-Type: text/xml"]);
    return {
      measured: `${statuses.join(" ")}, program ${program}`,
      passed: statuses.every((status) => /^40[03]$/.test(status)) && program === "200",
    };
  },
}));

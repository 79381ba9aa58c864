/** Ways to send a POST, which the benchmark of the HTTP client compares. */
import { Agent, request as requestOverHttp } from "node:http";
import { HttpClient, parseHttpTarget } from "../../src/http/mod.ts";
import { createBareClient, type Send } from "./bare_client.ts";

export type { Send };

const HEADERS = { "content-type": "text/xml" };

function sendWithNode(agent: Agent | false): Send {
  return (url, body) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = { ...HEADERS, "content-length": body.length };
    const request = requestOverHttp(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => text += part);
      response.on("end", () => resolve(text)).on("error", reject);
    });
    request.on("error", reject).end(body);
    return promise;
  };
}

const client = new HttpClient();

/** Alternatives by name. */
export const ALTERNATIVES: ReadonlyMap<string, Send> = new Map<string, Send>([
  ["HttpClient", async (url, body) => {
    const headers = Object.entries(HEADERS);
    const reply = await client.request({
      target: parseHttpTarget(url),
      method: "POST",
      headers,
      body,
    });
    return new TextDecoder().decode(reply.body);
  }],
  ["fetch", async (url, body) => {
    return await (await fetch(url, { method: "POST", headers: HEADERS, body })).text();
  }],
  ["fetch with a stream", async (url, body) => {
    const stream = ReadableStream.from([new TextEncoder().encode(body)]);
    return await (await fetch(url, { method: "POST", headers: HEADERS, body: stream })).text();
  }],
  ["node:http, kept alive", sendWithNode(new Agent({ keepAlive: true }))],
  ["node:http, one connection each", sendWithNode(false)],
  ["bare sockets", createBareClient()],
]);

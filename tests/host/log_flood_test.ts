import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  DEFAULT_TOP_KEY,
  encodeEndpoint,
  type Logger,
  RemoteFault,
  remoteServices,
} from "../../mod.ts";
import { encodeFault, encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { createClient, testEtcd } from "../support/etcd.ts";
import { Recorder } from "../support/events.ts";

/** Value that a stranger sends: a megabyte, with characters that change how a terminal shows a line. */
const EVIL = `\u202e\u2028\u0007${"Q".repeat(1_000_000)}`;
/** The same for places where only printable ASCII can stand, of a length that servers accept. */
const TOKEN = "Q".repeat(15_000);

/** Log records with their fields, as strings. */
class Records extends Recorder<string> {
  get logger(): Logger {
    const record = (message: string, fields?: unknown) => {
      assert.ok(message.length <= 1100, `${message.length} characters: ${message.slice(0, 100)}`);
      this.add(print([message, fields]));
    };
    return { debug: record, info: record, warn: record, error: record };
  }
}

function print(value: unknown): string {
  return inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null });
}

/** Checks that no value is longer than 200 characters and none changes how lines are shown. */
function checkText(text: string): void {
  const longest = Math.max(0, ...[...text.matchAll(/Q+/g)].map(([run]) => run.length));
  assert.ok(longest <= 200, `${longest} characters of a value in: ${text.slice(0, 300)}`);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\u202e\u2028\u0007]/);
}

/** Sends a request with exact bytes; returns the beginning of the answer. */
async function sendRaw(url: string, head: string[], body: string): Promise<string> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const bytes = new TextEncoder().encode(body);
  const lines = [...head, `Content-Length: ${bytes.length}`, "Connection: close"];
  const text = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  const writer = connection.writable.getWriter();
  const written = writer.write(new Uint8Array([...text, ...bytes])).catch(() => {});
  const buffer = new Uint8Array(100_000);
  let answer = "";
  for (let count = 0; count !== null;) {
    answer += new TextDecoder().decode(buffer.subarray(0, count));
    count = await connection.read(buffer).catch(() => null) ?? 0;
    if (count === 0) break;
  }
  await written;
  return answer;
}

Deno.test("A client can't write a long or harmful value into the log of a server", async () => {
  const records = new Records();
  await using host = await remoteServices({
    discovery: [],
    http: { port: 0, maxBytes: 8_000_000 },
    logger: records.logger,
    drainMs: 0,
  });
  const { endpoint } = await host.register("com.example.Store", {
    fail: (text: string) => {
      throw new Error(text);
    },
    failOddly: (text: string) => {
      throw { text };
    },
  });
  const url = endpoint.containerId ?? "";
  const id = endpoint.remoteServiceId;
  const line = "POST /xml-rpc HTTP/1.1";
  const base = [`Host: ${new URL(url).host}`, "Content-Type: text/xml"];
  const value = (xml: string) =>
    `<methodCall><methodName>${id}.fail</methodName><params><param><value>${xml}</value>` +
    "</param></params></methodCall>";
  const good = value("x");
  const bodies = [
    encodeMethodCall(`${id}.fail`, [EVIL.slice(1).replace("\u0007", "")]),
    encodeMethodCall(`${id}.failOddly`, ["Q".repeat(1_000_000)]),
    `<methodCall><methodName>${id}.${"Q".repeat(1_000_000)}</methodName></methodCall>`,
    `<methodCall><methodName>${"Q".repeat(1_000_000)}</methodName></methodCall>`,
    `<methodCall><methodName>${id}.${"Q".repeat(240)}</methodName></methodCall>`,
    value(`<int>${"1".repeat(500_000)}${"Q".repeat(500_000)}</int>`),
    value(`<double>${EVIL}</double>`),
    value(`<${"Q".repeat(1_000_000)}/>`),
    value(`<struct><member><name>${"Q".repeat(1_000_000)}</name></member></struct>`),
    value(`<dateTime.iso8601>${"Q".repeat(1_000_000)}</dateTime.iso8601>`),
    value(`<base64>${"Q".repeat(999_999)}!</base64>`),
    `<?xml version="1.0" encoding="${"Q".repeat(1_000_000)}"?>${good}`,
    `<!DOCTYPE ${"Q".repeat(1_000_000)}>${good}`,
    `${good}${EVIL}`,
    EVIL,
  ];
  for (const body of bodies) await sendRaw(url, [line, ...base], body);
  const heads = [
    [line, ...base, `x-osgi-endpoint-id: ${TOKEN}`],
    [line, ...base, `x-osgi-basic-timeout: ${TOKEN}`],
    [line, ...base, `Origin: http://${TOKEN}`],
    [line, ...base, `Sec-Fetch-Site: ${TOKEN}`],
    [line, ...base, `Content-Encoding: ${TOKEN}`],
    [line, ...base, `traceparent: ${TOKEN}`],
    [line, ...base, `${TOKEN}: a`],
    [line, `Host: ${TOKEN}`, "Content-Type: text/xml"],
    [line, base[0] ?? "", `Content-Type: text/xml; charset=${TOKEN}`],
    [line, base[0] ?? "", `Content-Type: ${TOKEN}`],
    [`POST /${TOKEN} HTTP/1.1`, ...base],
    [`${TOKEN} /xml-rpc HTTP/1.1`, ...base],
  ];
  for (const head of heads) checkText(await sendRaw(url, head, good));
  for (const text of records.all) checkText(text);
  assert.ok(records.all.some((text) => /fail.* failed: /.test(text)), "failures are logged");
});

Deno.test("A process that writes to etcd can't write a long or harmful value into a log", async () => {
  await using etcd = await testEtcd({ flags: ["--max-request-bytes=8000000"] });
  await using client = createClient(etcd);
  const records = new Records();
  await using peer = await remoteServices({
    etcd: { endpoints: etcd.endpoint },
    logger: records.logger,
  });
  using _failing = peer.onEndpoint(({ endpoint: { interfaces } }) => {
    throw new Error(interfaces.join());
  });
  const long = "Q".repeat(1_000_000);
  const session = crypto.randomUUID();
  const top = `${DEFAULT_TOP_KEY}/${session}`;
  const encode = (init: Parameters<typeof anEndpoint>[0]) => {
    const endpoint = anEndpoint(init);
    return [
      `${top}/${endpoint.id}`,
      encodeEndpoint(endpoint, { sessionId: session, hostIp: "127.0.0.1" }),
    ] as const;
  };
  const json = (properties: unknown) => JSON.stringify({ properties });
  const entries: (readonly [key: string, value: string])[] = [
    [`${top}/${long}`, "no JSON"],
    [`${top}/\u202e\u2028\u0007${long}`, "x"],
    [`${top}/a`, EVIL],
    [`${top}/b`, json([{ type: "string", name: long, value: 1 }])],
    [`${top}/c`, json([{ type: long, name: "n", value: EVIL }])],
    [`${top}/d`, json([{ type: "int", name: "endpoint.service.id", value: EVIL }])],
    [`${top}/e`, json([{ type: "string", name: "endpoint.id", value: EVIL }])],
    [`${top}/f`, json(EVIL)],
    encode({ containerId: `http://${long}/` }),
    encode({ containerId: `${"q".repeat(1000)}${long}:x` }),
    encode({ containerId: `http://[${long}/` }),
    encode({ interfaces: [long] }),
    encode({ configurationTypes: [long] }),
    encode({ intents: ["osgi.confidential", long] }),
    encode({ id: "Q".repeat(400_000), intents: ["osgi.confidential"] }),
    encode({ frameworkUuid: long }),
    encode({
      extras: new Map([[long.slice(600_000), "a"], ["b", long.slice(600_000)]]),
    }),
    encode({ interfaces: ["last.Interface"] }),
  ];
  for (const [key, value] of entries) await client.kv.put(key, value);
  await records.until("last", (text) => text.includes("last.Interface"));
  for (const text of records.all) checkText(text);
  checkText(print(peer.health));
  checkText(JSON.stringify(peer.health));
});

Deno.test("A server can't write a long or harmful value into the error of a call", async () => {
  const records = new Records();
  const answers: [name: string, Response][] = [
    ["status text", new Response(EVIL, { status: 500 })],
    ["no XML", new Response(EVIL)],
    ["number", new Response(`<methodResponse><params><param><value><int>${EVIL}</int></value>`)],
    ["tag", new Response(`<methodResponse><${"Q".repeat(1_000_000)}/>`)],
    ["type", new Response("x", { headers: { "content-type": TOKEN } })],
    ["charset", new Response("x", { headers: { "content-type": `text/xml; charset=${TOKEN}` } })],
    ["coding", new Response("x", { headers: { "content-encoding": TOKEN } })],
    ["location", new Response("x", { status: 302, headers: { location: `http://${TOKEN}` } })],
    ["encoding", new Response(`<?xml version="1.0" encoding="${"Q".repeat(1_000_000)}"?><a/>`)],
  ];
  let next = new Response();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => next);
  await using peer = await remoteServices({ discovery: [], logger: records.logger });
  const containerId = `http://127.0.0.1:${server.addr.port}/`;
  peer.admin.importService(anEndpoint({ containerId }));
  const [proxy] = peer.services<{ read(): string }>("org.example.IAny");
  for (const [name, answer] of answers) {
    next = answer;
    const error = await proxy?.read().then(() => undefined, (error) => error);
    assert.ok(error instanceof Error, name);
    for (let one: unknown = error; one instanceof Error; one = one.cause) checkText(one.message);
  }
  next = new Response(encodeFault(5, `${"Q".repeat(1_000_000)}`));
  const fault = await proxy?.read().then(() => undefined, (error) => error);
  assert.ok(fault instanceof RemoteFault);
  assert.equal(fault.faultString.length, 1_000_000, "a fault of a method is passed on whole");
  using _failing = peer.framework.registry.addServiceListener(() => Promise.reject(fault));
  peer.admin.importService(anEndpoint({ containerId }));
  await records.until("failure", (text) => text.includes("failed: "));
  for (const text of records.all) checkText(text);
});

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Logger, remoteServices, type RemoteServicesOptions, withOptions } from "../../mod.ts";
import { encodeEndpoint } from "../../mod.ts";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { XmlRpcFault } from "../../src/xmlrpc/mod.ts";
import { createXmlRpcHandler } from "../../src/xmlrpc/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { createClient, testEtcd } from "../support/etcd.ts";
import { EndpointRecorder } from "../support/events.ts";
import { createTypist } from "../support/shell.ts";

const SECRET = "s3cr3t-pass";

/** Everything that a program can print. */
class Prints {
  readonly texts: string[] = [];

  add(what: string, value: unknown): void {
    const depth = { depth: 20, maxStringLength: null, maxArrayLength: null };
    const forms = [
      inspect(value, { ...depth, showHidden: true }),
      Deno.inspect(value, { depth: 9 }),
    ];
    for (const form of [...forms, `${value}`, JSON.stringify(value) ?? ""]) {
      this.texts.push(`${what}: ${form}`);
    }
    if (value instanceof Error) this.texts.push(`${what}: ${value.stack}`);
  }

  check(): void {
    for (const text of this.texts) assert.ok(!text.includes(SECRET), text.slice(0, 2000));
    assert.ok(!this.texts.some((text) => text.includes(btoa(`ada:${SECRET}`))));
  }

  /** Logger that keeps messages and fields. */
  get logger(): Logger {
    const record = (level: string) => (message: string, fields?: unknown) =>
      this.add(`log ${level}`, [message, fields]);
    const [debug, info, warn, error] = ["debug", "info", "warn", "error"].map(record);
    assert.ok(debug && info && warn && error);
    return { debug, info, warn, error };
  }
}

/** A server that requires the password, and some that fail in their own ways. */
function serve(): Deno.HttpServer<Deno.NetAddr> {
  const handle = createXmlRpcHandler((name, _params, { request }) => {
    const authorization = request.headers.get("authorization");
    if (authorization !== `Basic ${btoa(`ada:${SECRET}`)}`) return "wrong password";
    if (name.endsWith(".read")) return "text";
    throw new XmlRpcFault(7, "no such luck");
  });
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/cut") await request.body?.cancel();
    if (pathname === "/status") return new Response("no", { status: 500 });
    if (pathname === "/junk") return new Response("no XML");
    if (pathname === "/redirect") {
      return Response.redirect(`http://ada:${SECRET}@127.0.0.1:1/`, 302);
    }
    return await handle(request);
  });
}

const COMMANDS = [
  "sl",
  "endpoints",
  "listimports",
  "listexports",
  "listcontainers",
  "discovery",
  "listconfigs",
  "rsadebug on",
];

Deno.test("The password of an address appears in no log, error, event, health and shell", async () => {
  await using etcd = await testEtcd();
  await using server = serve();
  const host = `ada:${SECRET}@127.0.0.1:${server.addr.port}`;
  const addresses: [name: string, url: string, isSent: boolean][] = [
    ["Good", `http://${host}/xml-rpc`, true],
    ["Status", `http://${host}/status`, true],
    ["Junk", `http://${host}/junk`, true],
    ["Redirect", `http://${host}/redirect?token=1#part`, true],
    ["Closed", `http://ada:${SECRET}@127.0.0.1:1/xml-rpc`, false],
    ["NoName", `http://ada:${SECRET}@no-such-host.invalid/x`, false],
    ["Tls", `https://${host}/xml-rpc`, false],
    ["Scheme", `ftp://ada:${SECRET}@127.0.0.1/x`, false],
    ["Quotes", `http://ada:'"<${SECRET}@127.0.0.1:1/x`, false],
    ["NoUrl", `http://ada:${SECRET}@[nonsense/x`, false],
    ["Tab", `http:/\t/${host}/junk`, true],
    ["Slashes", `http:\\\\/${host}/junk`, true],
    ["NoSlash", `http:${host}/junk`, true],
    ["SlashInside", `http://ada:x/${SECRET}@127.0.0.1/x`, false],
    ["Space", ` http://ada:x ${SECRET}@127.0.0.1:1/x`, false],
    ["Ipv6", `http://ada:${SECRET}@[::1]:1/x`, false],
    ["Confidential", `http://${host}/x`, false],
  ];
  const prints = new Prints();
  await using client = createClient(etcd);
  const variants: RemoteServicesOptions["client"][] = [{}, { fetch }];
  for (const [index, settings] of variants.entries()) {
    await using peer = await remoteServices({
      etcd: { endpoints: etcd.endpoint },
      logger: prints.logger,
      ...(settings === undefined ? {} : { client: settings }),
      timeoutMs: 1000,
      interceptors: {
        client: [(next) => (call) => {
          prints.add("call", call);
          return next(call);
        }],
      },
    });
    peer.admin.addListener((event) => prints.add("admin event", event));
    peer.framework.registry.addServiceListener((event) =>
      prints.add("service event", [event.type, event.reference.properties, event.reference])
    );
    const shell = createTypist(peer);
    const recorder = new EndpointRecorder();
    using _listening = peer.onEndpoint(recorder);
    for (const [name, containerId] of addresses) {
      const endpoint = anEndpoint({
        id: crypto.randomUUID(),
        interfaces: [`com.example.${name}${index}`],
        containerId,
        intents: name === "Confidential" ? ["osgi.confidential"] : [],
      });
      const session = crypto.randomUUID();
      await client.kv.put(
        `${DEFAULT_TOP_KEY}/${session}/${endpoint.id}`,
        encodeEndpoint(endpoint, { sessionId: session, hostIp: "127.0.0.1" }),
      );
      await recorder.until(name, (event) => event.endpoint.id === endpoint.id);
      const [proxy] = peer.services<{ read(): string; fail(): string }>(
        endpoint.interfaces[0] ?? "",
      );
      if (name === "Good") assert.equal(await proxy?.read(), "text");
      for (const call of [() => proxy?.read(), () => proxy?.fail()]) {
        const outcome = await Promise.resolve().then(call).catch((error) => error);
        prints.add(`outcome of ${name}`, outcome);
      }
      prints.add(`proxy of ${name}`, String(proxy));
      if (proxy !== undefined) {
        prints.add(
          "aborted",
          await withOptions(proxy, { timeoutMs: 1 }).read().catch((error) => error),
        );
      }
      for (const line of [`endpoint ${endpoint.id}`, `endpoint ${endpoint.id} --json`]) {
        prints.add(line, (await shell.type(line)).text);
      }
    }
    prints.add("health", peer.health);
    prints.add("endpoints", peer.endpoints);
    prints.add("events", recorder.all);
    for (const line of COMMANDS) {
      for (const one of [line, `${line} --json`]) prints.add(one, (await shell.type(one)).text);
    }
    for (const reference of peer.framework.registry.getReferences(`com.example.Good${index}`)) {
      prints.add("sd", (await shell.type(`sd ${reference.id}`)).text);
    }
  }
  prints.check();
  assert.ok(prints.texts.some((text) => /no connection was made/.test(text)), "errors are printed");
});

Deno.test("The password of a wrong option appears in no error", async () => {
  const password = `ada:${SECRET}@host`;
  const cases: RemoteServicesOptions[] = [
    { etcd: { endpoints: `http://${password}:2379` } },
    { etcd: { endpoints: `${password}:2379` } },
    { etcd: { endpoints: `http://ada:${SECRET},x@host:2379` } },
    { etcd: { endpoints: `a:2379,ada:${SECRET},x@host:2379` } },
    { http: { port: 0, advertisedUrl: `http://${password}/x` } },
    { http: { port: 0, allowedOrigins: [`http://${password}`] } },
    { http: { port: 0, allowedHosts: [`http://${password}`] } },
    { http: { port: 0, hostname: `http://${password}` } },
    { http: { port: 0, advertisedHostname: password } },
    { client: { proxy: `https://${password}/` } },
    { client: { proxy: `socks://${password}/` } },
    { client: { proxy: `http://ada:${SECRET}@[/` } },
    { client: { allowHosts: [`http://${password}/`] } },
  ];
  const prints = new Prints();
  for (const options of cases) {
    const error = await remoteServices(options).then(() => undefined, (error) => error);
    assert.ok(error instanceof TypeError, inspect(options));
    prints.add("error", error);
  }
  prints.check();
});

Deno.test("The password and the key of an etcd client are not printed with it", async () => {
  const prints = new Prints();
  for (
    const options of [{ auth: { username: "ada", password: SECRET } }, { tls: { ca: SECRET } }]
  ) {
    await using client = new EtcdClient({ endpoints: "127.0.0.1:1", ...options });
    prints.add("client", client);
  }
  prints.check();
});

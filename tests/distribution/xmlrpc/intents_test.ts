import assert from "node:assert/strict";
import {
  memory,
  type RemoteServices,
  remoteServices,
  type XmlRpcHttpOptions,
} from "../../../mod.ts";
import { XmlRpcImportProvider } from "../../../mod.ts";
import { SILENT } from "../../../src/util/mod.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { aCall } from "../provider_pair.ts";

const BASE = ["osgi.basic", "osgi.async"];
const INTENTS = "service.exported.intents";

function start(http: XmlRpcHttpOptions): Promise<RemoteServices> {
  return remoteServices({ discovery: [memory()], http: { port: 0, ...http }, drainMs: 0 });
}

/** Exports a service; returns its `service.intents` and `remote.intents.supported`. */
async function exportWith(http: XmlRpcHttpOptions, properties: Record<string, unknown> = {}) {
  await using host = await start(http);
  const { endpoint } = await host.register("com.example.Store", { read: () => 1 }, properties);
  return [endpoint.intents, endpoint.intentsSupported];
}

Deno.test("osgi.confidential is offered with TLS only, or behind an https advertisedUrl", async () => {
  await using files = await makeCertificates();
  const { serverCert: cert, serverKey: key } = files;
  const confidential = "osgi.confidential";
  const secure: XmlRpcHttpOptions[] = [
    { tls: { cert, key }, advertisedHostname: "node-1.example" },
    { advertisedUrl: "https://node-1.example/x" },
  ];
  for (const http of secure) {
    for (const name of [INTENTS, `${INTENTS}.extra`]) {
      const [intents, supported] = await exportWith(http, { [name]: confidential });
      assert.deepEqual(intents, [confidential]);
      assert.deepEqual(supported, [...BASE, confidential]);
    }
  }
  const open: XmlRpcHttpOptions[] = [
    {},
    { advertisedHostname: "node-1.example" },
    { advertisedUrl: "http://node-1.example/x", tls: { cert, key } },
  ];
  for (const http of open) {
    assert.equal((await exportWith(http))[1]?.includes(confidential), false);
    for (const name of [INTENTS, `${INTENTS}.extra`]) {
      await assert.rejects(exportWith(http, { [name]: ["osgi.basic", confidential] }), {
        name: "RemoteServiceError",
        code: "no-provider",
        message: /no provider offers osgi\.confidential$/,
      });
    }
  }
});

Deno.test("osgi.private is offered at loopback and private addresses only", async () => {
  const inside: XmlRpcHttpOptions[] = [
    {},
    { hostname: "localhost" },
    { hostname: "0.0.0.0", advertisedHostname: "10.1.2.3" },
    { hostname: "0.0.0.0", advertisedHostname: "192.168.1.2" },
    { hostname: "0.0.0.0", advertisedHostname: "fd00::1" },
    { advertisedUrl: "http://172.16.0.1:80/x" },
    { advertisedUrl: "http://[fd00::2]/x" },
  ];
  for (const http of inside) {
    const [intents, supported] = await exportWith(http, { [INTENTS]: "osgi.private" });
    assert.deepEqual([intents, supported], [["osgi.private"], [...BASE, "osgi.private"]]);
  }
  const outside: XmlRpcHttpOptions[] = [
    { hostname: "0.0.0.0", advertisedHostname: "203.0.113.7" },
    { hostname: "0.0.0.0", advertisedHostname: "node-1.example" },
    { hostname: "127.0.0.1", advertisedHostname: "2001:db8::1" },
    { advertisedUrl: "http://172.32.0.1/x" },
    { advertisedUrl: "http://10.example/x" },
  ];
  for (const http of outside) {
    assert.deepEqual(await exportWith(http), [[], BASE]);
    await assert.rejects(exportWith(http, { [INTENTS]: "osgi.private" }), {
      code: "no-provider",
      message: /no provider offers osgi\.private$/,
    });
  }
});

Deno.test("An endpoint whose address contradicts its intents is not imported", async () => {
  const provider = new XmlRpcImportProvider();
  const cases: [intent: string, url: string, isUsable: boolean][] = [
    ["osgi.confidential", "https://node-1.example/x", true],
    ["osgi.confidential", "http://node-1.example/x", false],
    ["osgi.confidential", "http://127.0.0.1/x", false],
    ["osgi.private", "http://10.0.0.1/x", true],
    ["osgi.private", "https://[fd00::1]/x", true],
    ["osgi.private", "http://localhost:8181/x", true],
    ["osgi.private", "http://8.8.8.8/x", false],
    ["osgi.private", "https://node-1.example/x", false],
  ];
  for (const [intent, containerId, isUsable] of cases) {
    const endpoint = anEndpoint({ containerId, intents: ["osgi.basic", intent] });
    const importIt = () => provider.importEndpoint(endpoint).close();
    if (isUsable) importIt();
    else {assert.throws(importIt, {
        name: "TypeError",
        message: new RegExp(`has the intent ${intent}, but`),
      });}
  }
  await provider.close();
});

Deno.test("An update that makes the address contradict the intents ends the calls", async () => {
  const endpoint = anEndpoint();
  const imported = new XmlRpcImportProvider().importEndpoint(endpoint);
  const strict = anEndpoint({ id: endpoint.id, intents: ["osgi.confidential"] });
  imported.update(strict);
  await assert.rejects(imported.call(aCall(strict, {})), {
    code: "not-allowed",
    isExecuted: false,
    message: /has the intent osgi\.confidential, but its address is not https$/,
  });
  imported.close();
});

Deno.test("A refused import is reported as an event and in the log", async () => {
  const errors: string[] = [];
  const logger = { ...SILENT, error: (message: string) => void errors.push(message) };
  await using host = await remoteServices({ discovery: [memory()], logger });
  const events: string[] = [];
  host.admin.addListener(({ type }) => void events.push(type));
  const intents = ["osgi.confidential"];
  const endpoint = anEndpoint({ intents, containerId: "http://ada:secret@node-1.example/x" });
  assert.throws(() => host.admin.importService(endpoint), /at http:\/\/node-1\.example\/x: it has/);
  assert.deepEqual(events, ["import-error"]);
});

import assert from "node:assert/strict";
import {
  Framework,
  HttpService,
  memory,
  RemoteServiceAdmin,
  RemoteServices,
  requirement,
  ServiceFactory,
  ServiceTracker,
  TopologyManager,
  xmlRpc,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { Shell, Terminal } from "../../src/shell/mod.ts";
import {
  createXmlRpcHandler,
  decodeMethodCall,
  decodeMethodResponse,
  encodeMethodCall,
  encodeMethodResponse,
  HttpClient,
  XmlRpcClient,
} from "../../src/xmlrpc/mod.ts";

/** An options object with one name that nothing has, beside those that are needed. */
function misspell<T extends object>(needed: T): T {
  return { ...needed, colour: 1 };
}

Deno.test("Every object with options refuses a name that it does not have", async () => {
  const framework = new Framework();
  const admin = new RemoteServiceAdmin({ framework });
  const shell = new Shell({ framework, admin: undefined, discoveries: [] });
  const { registry } = framework;
  const host = new RemoteServices({ discovery: [memory()] });
  const endpointChanged = () => {};
  const http = new HttpService();
  const client = new XmlRpcClient("http://127.0.0.1:1/");
  const auth = { username: "a", password: "b" };
  const cases: Record<string, () => unknown> = {
    close: () => host.close(misspell({})),
    createXmlRpcHandler: () => createXmlRpcHandler({}, misspell({})),
    decodeMethodCall: () => decodeMethodCall(encodeMethodCall("m"), misspell({})),
    decodeMethodResponse: () => decodeMethodResponse(encodeMethodResponse(1), misspell({})),
    encodeMethodCall: () => encodeMethodCall("m", [], misspell({})),
    encodeMethodResponse: () => encodeMethodResponse(1, misspell({})),
    EtcdClient: () => new EtcdClient(misspell({})),
    "EtcdClient.tls": () => new EtcdClient({ tls: misspell({}) }),
    "EtcdClient.auth": () => new EtcdClient({ auth: misspell(auth) }),
    Framework: () => new Framework(misspell({})),
    HttpClient: () => new HttpClient(misspell({})),
    "HttpClient.tls": () => new HttpClient({ tls: misspell({}) }),
    HttpService: () => new HttpService(misspell({})),
    "HttpService.limits": () => new HttpService({ limits: misspell({}) }),
    "HttpService.tls": () => new HttpService({ tls: misspell({ cert: "", key: "" }) }),
    "HttpService.close": () => http.close(misspell({})),
    onEndpoint: () => host.onEndpoint(misspell({ endpointChanged })),
    RemoteServiceAdmin: () => new RemoteServiceAdmin(misspell({ framework })),
    requirement: () => requirement("I", misspell({})),
    ServiceFactory: () => new ServiceFactory(misspell({ getService: () => ({}) })),
    services: () => host.services("I", misspell({})),
    Shell: () => new Shell({ framework, admin, discoveries: [] }, misspell({})),
    "Shell.defaults": () =>
      new Shell({ framework, admin, discoveries: [] }, { defaults: misspell({}) }),
    ServiceTracker: () => ServiceTracker.open(registry, "I", misspell({})),
    Terminal: () => new Terminal().run(shell, misspell({})),
    TopologyManager: () => new TopologyManager(misspell({ framework, admin })),
    waitForService: () => framework.waitForService("I", misspell({ timeoutMs: 1 })),
    "xmlRpc.http.limits": () => xmlRpc({ http: { limits: misspell({}) } }),
    "xmlRpc.http.tls": () => xmlRpc({ http: { tls: misspell({ cert: "", key: "" }) } }),
    "XmlRpcClient.call": () => client.call("m", [], misspell({})),
    XmlRpcExportProvider: () => new XmlRpcExportProvider(http, misspell({})),
    XmlRpcClient: () => new XmlRpcClient("http://localhost/", misspell({})),
    XmlRpcImportProvider: () => new XmlRpcImportProvider(misspell({})),
    "XmlRpcImportProvider.tls": () => new XmlRpcImportProvider({ tls: misspell({}) }),
  };
  for (const [name, create] of Object.entries(cases)) {
    const expected = { name: "TypeError", message: /^Cannot use the option (\w+\.)*colour: / };
    await assert.rejects(async () => await create(), expected, name);
  }
  await admin.close();
  await host.close();
});

Deno.test("onEndpoint refuses a listener without endpointChanged", async () => {
  await using host = new RemoteServices({ discovery: [memory()] });
  const message = "Cannot add the listener: give a function, or an endpointChanged method";
  for (const listener of [undefined, { endpointchanged: () => {} }]) {
    // @ts-expect-error listeners that the compiler refuses
    assert.throws(() => host.onEndpoint(listener), { name: "TypeError", message });
  }
});

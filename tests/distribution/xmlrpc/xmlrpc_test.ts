import assert from "node:assert/strict";
import {
  HttpService,
  RemoteCallError,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../../mod.ts";
import { decodeMethodResponse, XmlRpcClient } from "../../../src/xmlrpc/mod.ts";
import {
  aCall,
  createProxy,
  exportObject,
  importEndpoint,
  type TestExport,
} from "../provider_pair.ts";
import { anEndpoint } from "../../support/endpoints.ts";

class Base {
  inherited() {
    return "inherited";
  }
}

class Service extends Base {
  public = () => "own";
  readonly #secret = "secret";
  get getter(): never {
    throw new Error("no getter may run");
  }
  add(a: number, b: number) {
    return a + b;
  }
  nothing() {}
  _hidden() {
    return this.#secret;
  }
  then() {
    return "then";
  }
  override toString() {
    return "text";
  }
  never() {
    return new Promise(() => {});
  }
}

/** Runs a test against an exported service. */
async function withExport(
  options: { service?: object; timeoutMs?: number; extras?: [string, string][] },
  run: (exported: TestExport, http: HttpService) => Promise<void>,
): Promise<void> {
  const { service = new Service(), timeoutMs = 30_000, extras = [] } = options;
  await using http = new HttpService({ port: 0 });
  const exporter = new XmlRpcExportProvider(http, { timeoutMs });
  const exported = await exportObject({ exports: exporter }, service, { extras: new Map(extras) });
  await run(exported, http);
  await exported.exported.close();
}

function proxyFor({ endpoint }: TestExport) {
  const imported = importEndpoint({ imports: new XmlRpcImportProvider() }, endpoint);
  return { imported, proxy: createProxy(imported, endpoint), endpoint };
}

Deno.test("XmlRpcExportProvider calls the methods of an object and of its classes", async () => {
  await withExport({}, async (exported) => {
    const { proxy } = proxyFor(exported);
    assert.equal(await proxy.add?.(2, 3), 5);
    assert.equal(await proxy.inherited?.(), "inherited");
    assert.equal(await proxy.public?.(), "own");
    assert.equal(await proxy.nothing?.(), null);
  });
});

Deno.test("XmlRpcExportProvider calls nothing inherited from Object, private or foreign", async () => {
  await withExport({}, async ({ url }) => {
    const client = new XmlRpcClient(url);
    const names =
      "3.constructor 3.toString 3.hasOwnProperty 3.__proto__ 3.valueOf 3.then 3.toJSON " +
      "3._hidden 3.getter 3.nope 3. .add add 4.add 3.add.call 3.__defineGetter__";
    for (const name of names.split(" ")) {
      await assert.rejects(client.call(name, [1, 2]), ({ faultCode }: { faultCode: unknown }) => {
        assert.ok(faultCode === -32_001 || faultCode === -32_002, name);
        return true;
      });
    }
  });
});

Deno.test("XmlRpcExportProvider answers captured requests of iPOPO", async () => {
  const service = {
    sayHello: (from: string) =>
      `PythonSync says: Howdy ${from} that's a nice runtime you got there`,
  };
  await withExport({ service }, async (_, http) => {
    const fixture = (name: string) =>
      Deno.readTextFile(new URL(`../../fixtures/ipopo/${name}`, import.meta.url));
    const [head = "", body = ""] = (await fixture("sayHello.request.http")).split(/\r?\n\r?\n/);
    const headers = head.split(/\r?\n/).slice(1)
      .map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      })
      .filter(([name]) => !/^(?:host|content-length)$/i.test(name));
    const send = async (body: string) => {
      const request = new Request(`${http.url}/xml-rpc`, { method: "POST", headers, body });
      const response = await http.handle(request);
      assert.equal(response.status, 200);
      return response;
    };
    const answer = await (await send(body.replace("ConsumerSync", "A"))).text();
    const expected = decodeMethodResponse(await fixture("sayHello.response.xml"));
    assert.equal(decodeMethodResponse(answer), expected);
    for (const method of ["3.nope", "9.nope"]) {
      const refusal = await send(body.replace("3.sayHello", method));
      assert.equal(refusal.headers.get("x-osgi-executed"), "no");
      const text = await refusal.text();
      assert.throws(() => decodeMethodResponse(text), { name: "XmlRpcFault" });
    }
  });
});

Deno.test("XmlRpcExportProvider ends a method's time as the client asks", async () => {
  await withExport({ timeoutMs: 20 }, async ({ url }) => {
    const client = new XmlRpcClient(url);
    await assert.rejects(client.call("3.never"), { faultString: /within 20 ms/ });
    const hasty = new XmlRpcClient(url, {
      headers: { "X-OSGI-BASIC-TIMEOUT": "10" },
    });
    await assert.rejects(hasty.call("3.never"), { faultString: /within 10 ms/ });
  });
});

Deno.test("XmlRpcImportProvider uses the endpoint's osgi.basic.timeout as deadline", async () => {
  await withExport({ extras: [["osgi.basic.timeout", "50"]] }, async (exported) => {
    const { proxy } = proxyFor(exported);
    await assert.rejects(async () => await proxy.never?.(), { code: "timeout", message: /50 ms/ });
  });
});

Deno.test("XmlRpcExportProvider refuses a call that is meant for another endpoint", async () => {
  await withExport({}, async ({ endpoint, url }) => {
    const call = (headers: Record<string, string>) =>
      new XmlRpcClient(url, { headers }).call("3.add", [1, 2]);
    assert.equal(await call({}), 3, "iPOPO and ECF send no endpoint id");
    assert.equal(await call({ "x-osgi-endpoint-id": endpoint.id }), 3);
    await assert.rejects(call({ "x-osgi-endpoint-id": "another" }), { faultCode: -32_002 });
  });
});

Deno.test("XmlRpcImportProvider reports an address that refuses connections as unreachable", async () => {
  await withExport({}, async (exported, http) => {
    const { proxy } = proxyFor(exported);
    await http.close();
    await assert.rejects(async () => await proxy.add?.(1, 2), {
      name: "RemoteCallError",
      code: "unreachable",
      message: /^Cannot call add of org\.example\.IAny at http:\/\/127\.0\.0\.1:\d+\/xml-rpc: /,
      isExecuted: false,
    });
  });
});

/** Serves one answer, and returns code and `isExecuted` of the call that receives it. */
async function catchFailure(answer: () => Response): Promise<unknown[]> {
  await using http = new HttpService({ port: 0 });
  http.start();
  http.register("/xml-rpc", answer);
  const endpoint = anEndpoint({ containerId: `${http.url}/xml-rpc` });
  const imported = importEndpoint({ imports: new XmlRpcImportProvider() }, endpoint);
  try {
    return ["returned", await imported.call(aCall(endpoint, { method: "nope" }))];
  } catch (error) {
    return error instanceof RemoteCallError ? [error.code, error.isExecuted] : [error];
  }
}

Deno.test("XmlRpcImportProvider claims that nothing ran only on proof", async () => {
  const notOurs = await catchFailure(() => new Response("busy", { status: 503 }));
  assert.deepEqual(notOurs, ["invalid-reply", "unknown"]);
  const ours = await catchFailure(() =>
    new Response("busy", { status: 503, headers: { "x-osgi-executed": "no" } })
  );
  assert.deepEqual(ours, ["overloaded", false]);
  const page = await catchFailure(() => new Response("<html>"));
  assert.deepEqual(page, ["invalid-reply", "unknown"]);
});

Deno.test("XmlRpcImportProvider recognizes iPOPO's fault for a service it does not have", async () => {
  const document = await Deno.readTextFile(
    new URL("../../fixtures/ipopo/unknownService.fault.xml", import.meta.url),
  );
  const failWith = (text: string) =>
    catchFailure(() => new Response(text, { headers: { "content-type": "text/xml" } }));
  const ghost = await failWith(document.replace("rs_id=9", "rs_id=3"));
  assert.deepEqual(ghost, ["wrong-service", false]);
  for (const other of [document, document.replace("rs_id=9 ", "rs_id=3 for ")]) {
    const fault = await failWith(other);
    assert.deepEqual(fault, ["fault", true]);
  }
});

Deno.test("XmlRpcImportProvider keeps the members of a fault as sent", async () => {
  const fault = "<methodResponse><fault><value><struct>" +
    "<member><name>faultCode</name><value>Client</value></member>" +
    "<member><name>faultString</name><value>sold out</value></member>" +
    "<member><name>left</name><value><int>0</int></value></member>" +
    "</struct></value></fault></methodResponse>";
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(fault, { headers: { "content-type": "text/xml" } }),
  );
  const endpoint = anEndpoint({ containerId: `http://127.0.0.1:${server.addr.port}/` });
  const imported = importEndpoint({ imports: new XmlRpcImportProvider() }, endpoint);
  await assert.rejects(async () => await createProxy(imported, endpoint).buy?.(), {
    name: "RemoteFault",
    faultCode: 0,
    faultString: "sold out",
    members: { faultCode: "Client", faultString: "sold out", left: 0 },
  });
});

Deno.test("XmlRpcImportProvider names the property that an endpoint lacks", () => {
  const imports = new XmlRpcImportProvider();
  for (
    const [init, name] of [
      [{ containerId: undefined }, "it has no ecf.endpoint.id"],
      [{ remoteServiceId: undefined }, "it has no ecf.rsvc.id"],
      [{ containerId: "nowhere" }, "its ecf.endpoint.id is not a URL"],
    ] as const
  ) {
    assert.throws(() => importEndpoint({ imports }, anEndpoint({ id: "urn:a", ...init })), {
      name: "TypeError",
      message: `Cannot import the endpoint urn:a over XML-RPC: ${name}`,
    });
  }
});

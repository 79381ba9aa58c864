import assert from "node:assert/strict";
import {
  type ExportedService,
  HttpService,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../../mod.ts";
import { decodeMethodResponse, XmlRpcClient } from "../../../src/xmlrpc/mod.ts";
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
  fails() {
    throw new TypeError("on purpose");
  }
  never() {
    return new Promise(() => {});
  }
}

/** Runs a test against an exported service. */
async function withExport(
  options: { service?: object; timeoutMs?: number },
  run: (exported: ExportedService, http: HttpService) => Promise<void>,
): Promise<void> {
  const { service = new Service(), timeoutMs = 30_000 } = options;
  await using http = new HttpService({ port: 0 });
  const provider = new XmlRpcExportProvider(http, { timeoutMs });
  const exported = await provider.exportService({
    ...{ service, remoteServiceId: 3, interfaces: ["IService"], properties: {} },
  });
  await run(exported, http);
  await exported.close();
}

/** What a test knows of a proxy: every name may be a method. */
type Anything = Record<string, (...params: unknown[]) => Promise<unknown>>;

function proxyFor(exported: ExportedService, extras: [string, string][] = []) {
  const provider = new XmlRpcImportProvider();
  const endpoint = anEndpoint({ containerId: exported.containerId, extras: new Map(extras) });
  const imported = provider.importService(endpoint);
  return { imported, proxy: imported.proxy as Anything, endpoint };
}

Deno.test("a service's own methods and those of its classes are called", async () => {
  await withExport({}, async (exported) => {
    const { proxy } = proxyFor(exported);
    assert.equal(await proxy.add?.(2, 3), 5);
    assert.equal(await proxy.inherited?.(), "inherited");
    assert.equal(await proxy.public?.(), "own");
    assert.equal(await proxy.nothing?.(), null);
    await assert.rejects(async () => await proxy.fails?.(), {
      faultCode: 1,
      faultString: "on purpose",
    });
  });
});

Deno.test("nothing else is called: inherited from Object, private, getters, other ids", async () => {
  await withExport({}, async (exported) => {
    const client = new XmlRpcClient(exported.containerId);
    const names = [
      ...[
        "3.constructor",
        "3.toString",
        "3.hasOwnProperty",
        "3.__proto__",
        "3.valueOf",
        "3.then",
        "3.toJSON",
      ],
      ...[
        "3._hidden",
        "3.getter",
        "3.nope",
        "3.",
        ".add",
        "add",
        "4.add",
        "3.add.call",
        "3.__defineGetter__",
      ],
    ];
    for (const name of names) {
      await assert.rejects(client.call(name, [1, 2]), { name: "XmlRpcFault", faultCode: 1 }, name);
    }
  });
});

Deno.test("the captured requests get the answers that iPOPO gave", async () => {
  const service = {
    sayHello: (from: string) =>
      `PythonSync says: Howdy ${from} that's a nice runtime you got there`,
  };
  await withExport({ service }, async (_, http) => {
    const fixture = (name: string) =>
      Deno.readTextFile(new URL(`../../fixtures/ipopo/${name}`, import.meta.url));
    const [head = "", body = ""] = (await fixture("sayHello.request.http")).split(/\r?\n\r?\n/);
    const send = async (body: string) => {
      const headers = head.split(/\r?\n/).slice(1)
        .map((
          line,
        ): [string, string] => [
          line.slice(0, line.indexOf(":")),
          line.slice(line.indexOf(":") + 1).trim(),
        ])
        .filter(([name]) => !/^(?:host|content-length)$/i.test(name));
      const response = await http.handle(
        new Request(`${http.url}/xml-rpc`, { method: "POST", headers, body }),
      );
      assert.equal(response.status, 200);
      return await response.text();
    };
    const expected = decodeMethodResponse(await fixture("sayHello.response.xml"));
    assert.equal(
      decodeMethodResponse(await send(body.replace("ConsumerSync", "A"))),
      expected,
    );
    for (
      const [name, method] of [["unknownMethod", "3.nope"], ["unknownService", "9.nope"]] as const
    ) {
      const theirs = await fixture(`${name}.fault.xml`);
      const ours = await send(body.replace("3.sayHello", method));
      const codeOf = (document: string) => /<int>(-?\d+)<\/int>/.exec(document)?.[1];
      assert.equal(codeOf(ours), codeOf(theirs), name);
      assert.throws(() => decodeMethodResponse(ours), { name: "XmlRpcFault" });
    }
  });
});

Deno.test("a method that takes too long is answered with a fault, as the client asks", async () => {
  await withExport({ timeoutMs: 20 }, async (exported) => {
    const client = new XmlRpcClient(exported.containerId);
    await assert.rejects(client.call("3.never"), { faultString: /within 20 ms/ });
    const patient = new XmlRpcClient(exported.containerId, {
      headers: { "X-OSGI-BASIC-TIMEOUT": "30" },
    });
    await assert.rejects(patient.call("3.never"), { faultString: /within 30 ms/ });
  });
});

Deno.test("the endpoint's osgi.basic.timeout is the deadline of its calls", async () => {
  await withExport({}, async (exported) => {
    const { proxy } = proxyFor(exported, [["osgi.basic.timeout", "50"]]);
    await assert.rejects(async () => await proxy.never?.(), /within 50 ms/);
  });
});

Deno.test("awaiting, printing and comparing a proxy calls nothing", async () => {
  const provider = new XmlRpcImportProvider();
  const { proxy } = provider.importService(anEndpoint({ containerId: "http://127.0.0.1:1/" }));
  assert.equal(await proxy, proxy);
  assert.match(`${proxy}`, /Remote\(org\.example\.IAny at http:/);
  assert.equal(JSON.stringify({ proxy }), '{"proxy":{}}');
  assert.match(Deno.inspect(proxy), /toString/);
  const loose = proxy as Record<PropertyKey, unknown>;
  for (
    const name of ["then", "toJSON", "constructor", "_x", "#x", Symbol.iterator, Symbol.toPrimitive]
  ) {
    assert.equal(loose[name], undefined, String(name));
  }
  assert.equal(loose.add, loose.add, "a method is the same function each time");
  assert.throws(() => loose.add = 1, TypeError);
});

Deno.test("a closed import makes running and later calls fail at once", async () => {
  await withExport({}, async (exported) => {
    const { imported, proxy } = proxyFor(exported);
    const running = proxy.never?.();
    imported.close();
    await assert.rejects(async () => await running, {
      name: "RemoteServiceError",
      code: "endpoint-gone",
    });
    await assert.rejects(async () => await proxy.add?.(1, 2), { code: "endpoint-gone" });
  });
});

Deno.test("a value that XML-RPC can't carry is refused before it is sent", async () => {
  await withExport({}, async (exported) => {
    const { proxy } = proxyFor(exported);
    await assert.rejects(async () => await proxy.add?.(NaN, 1), {
      name: "TypeError",
      message: /params\[0\].*NaN/,
    });
  });
});

Deno.test("the servlet goes with the last export", async () => {
  await using http = new HttpService({ port: 0 });
  const provider = new XmlRpcExportProvider(http);
  const request = () => http.handle(new Request("http://server/xml-rpc"));
  const one = { service: {}, interfaces: ["I"], properties: {} };
  const first = await provider.exportService({ ...one, remoteServiceId: 1 });
  const second = await provider.exportService({ ...one, remoteServiceId: 2 });
  await first.close();
  assert.equal((await request()).status, 405);
  await second.close();
  assert.equal((await request()).status, 404);
});

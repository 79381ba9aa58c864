import assert from "node:assert/strict";
import { RunningCalls } from "../../../src/distribution/mod.ts";
import { XmlRpcExportedEndpoint } from "../../../src/distribution/xmlrpc/exported_endpoint.ts";
import { ExportedEndpoints } from "../../../src/distribution/xmlrpc/exported_endpoints.ts";

function createEndpoint(running: RunningCalls): XmlRpcExportedEndpoint {
  return new XmlRpcExportedEndpoint({
    endpointId: crypto.randomUUID(),
    remoteServiceId: 3,
    configurationType: "ecf.xmlrpc.server",
    interfaces: ["com.example.Greeter"],
    properties: {},
    methodNames: ["greet"],
    invoke: () => "hello",
  }, { running, timeoutMs: 1000, maxCalls: 10 });
}

Deno.test("ExportedEndpoints finds what a name means now, also if it was called before", () => {
  const running = new RunningCalls();
  const [first, second] = [createEndpoint(running), createEndpoint(running)];
  const endpoints = new ExportedEndpoints();
  const find = () => endpoints.find("3.greet").endpoint;
  assert.equal(find(), undefined);
  endpoints.add("3", first);
  assert.equal(find(), first);
  endpoints.add("3", second);
  assert.equal(find(), second);
  assert.equal(find(), second);
  endpoints.delete("3");
  assert.equal(find(), undefined);
  running.close(() => assert.fail("no call runs"));
});

Deno.test("ExportedEndpoints finds the method of <service id>.<method> only", () => {
  const running = new RunningCalls();
  const endpoints = new ExportedEndpoints();
  const endpoint = createEndpoint(running);
  endpoints.add("3", endpoint);
  for (let count = 0; count < 2; count++) {
    assert.deepEqual(endpoints.find("3.greet"), { id: "3", method: "greet", endpoint });
    for (const name of ["3.", "3.a.b", "3..greet"]) {
      assert.deepEqual(endpoints.find(name), { id: "3", method: undefined, endpoint }, name);
    }
    for (const name of ["greet", "", ".greet"]) {
      assert.equal(endpoints.find(name).endpoint, undefined, name);
    }
    assert.equal(endpoints.find("greet").method, undefined);
  }
  running.close(() => assert.fail("no call runs"));
});

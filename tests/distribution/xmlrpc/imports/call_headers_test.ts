import assert from "node:assert/strict";
import type { RemoteCall } from "../../../../src/distribution/mod.ts";
import { CallHeaders } from "../../../../src/distribution/xmlrpc/imports/call_headers.ts";
import { EndpointDescription } from "../../../../src/endpoint/mod.ts";

function createEndpoint(id: string): EndpointDescription {
  return new EndpointDescription({
    id,
    interfaces: ["com.example.Work"],
    serviceId: 1,
    frameworkUuid: "test",
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId: "http://127.0.0.1/xml-rpc",
    containerNamespace: "ecf.namespace.xmlrpc",
    remoteServiceId: 1,
    timestampMs: 1,
  });
}

const [ONE, OTHER] = [createEndpoint("one"), createEndpoint("other")];
const createCall = (headers: Readonly<Record<string, string>>, endpoint = ONE): RemoteCall => ({
  direction: "outgoing",
  interfaceName: "com.example.Work",
  method: "work",
  parameters: [],
  headers,
  signal: undefined,
  deadlineMs: undefined,
  endpoint,
  attempt: 1,
  principal: undefined,
});

Deno.test("CallHeaders returns the same object for calls with the same headers and limits", () => {
  const headers = new CallHeaders();
  const none = Object.freeze({});
  const first = headers.get(createCall(none), 500);
  assert.deepEqual(first, { "x-osgi-endpoint-id": "one", "x-osgi-basic-timeout": "500" });
  assert.equal(headers.get(createCall(none), 500), first);
});

Deno.test("CallHeaders notices every difference", () => {
  const headers = new CallHeaders();
  const none = Object.freeze({});
  headers.get(createCall(none), 500);
  assert.equal(headers.get(createCall(none), 501)["x-osgi-basic-timeout"], "501");
  assert.equal(headers.get(createCall(none, OTHER), 501)["x-osgi-endpoint-id"], "other");
  assert.equal(headers.get(createCall(none, OTHER), Infinity)["x-osgi-basic-timeout"], undefined);
  const changing = { "x-tenant": "a" };
  assert.equal(headers.get(createCall(changing), 500)["x-tenant"], "a");
  changing["x-tenant"] = "b";
  assert.equal(headers.get(createCall(changing), 500)["x-tenant"], "b");
});

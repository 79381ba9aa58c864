import assert from "node:assert/strict";
import { basicAuth, type EndpointDescription, scrapeTargets } from "../../../mod.ts";
import { anEndpoint } from "../../support/endpoints.ts";

/** Returns what the servlet answers for some endpoints. */
async function list(
  endpoints: readonly EndpointDescription[],
  filter?: string,
): Promise<unknown> {
  const servlet = scrapeTargets({ endpoints }, filter === undefined ? {} : { filter });
  const response = await servlet(new Request("http://localhost/targets"));
  assert.equal(response.headers.get("content-type"), "application/json");
  return await response.json();
}

const PROCESS = "af44bf2e-aeac-45f6-b5f5-5bbe6db0956c";

Deno.test("scrapeTargets lists each address once, with the properties of all of its endpoints", async () => {
  const containerId = "http://node-1:8181/xml-rpc";
  const endpoints = [
    anEndpoint({
      interfaces: ["com.example.B"],
      containerId,
      extras: new Map<string, unknown>([["zone.name", "eu"], ["tags", ["x", "y"]], ["rs.a", "1"]]),
    }),
    anEndpoint({
      interfaces: ["com.example.A"],
      containerId,
      extras: new Map([["zone.name", "us"], ["notes", "x".repeat(2000)]]),
    }),
  ];
  assert.deepEqual(await list(endpoints), [{
    targets: ["node-1:8181"],
    labels: {
      __meta_rsa_interfaces: ",com.example.A,com.example.B,",
      __meta_rsa_framework_uuid: PROCESS,
      __meta_rsa_property_zone_name: "eu,us",
      __meta_rsa_property_tags: "x,y",
    },
  }]);
});

Deno.test("scrapeTargets has no property with the name of a secret, and no password of a URL", async () => {
  const extras = new Map([["api.token", "b7d1"], ["dbPassword", "x"], ["db", "pg://a:b@node/x"]]);
  assert.deepEqual(await list([anEndpoint({ containerId: "http://node:1/xml-rpc", extras })]), [{
    targets: ["node:1"],
    labels: {
      __meta_rsa_interfaces: ",org.example.IAny,",
      __meta_rsa_framework_uuid: PROCESS,
      __meta_rsa_property_db: "pg://node/x",
    },
  }]);
});

Deno.test("scrapeTargets writes ports, schemes and IPv6 addresses as Prometheus reads them", async () => {
  const addresses = [
    "https://secure.example/xml-rpc",
    "http://plain.example/xml-rpc",
    "http://[::1]:8181/xml-rpc",
    "in-process:1234",
    "ecftcp://node:3282/server",
  ];
  const groups = await list(addresses.map((containerId) => anEndpoint({ containerId })));
  const labels = {
    __meta_rsa_interfaces: ",org.example.IAny,",
    __meta_rsa_framework_uuid: PROCESS,
  };
  assert.deepEqual(groups, [
    { targets: ["secure.example:443"], labels: { __scheme__: "https", ...labels } },
    { targets: ["plain.example:80"], labels },
    { targets: ["[::1]:8181"], labels },
  ]);
});

Deno.test("scrapeTargets selects by a filter, and lists nothing as an empty array", async () => {
  const endpoints = [
    anEndpoint({ containerId: "http://a:1/", extras: new Map([["metrics", true]]) }),
    anEndpoint({ containerId: "http://b:1/" }),
  ];
  const targets = (groups: unknown) => JSON.stringify(groups).match(/"[ab]:1"/g);
  assert.deepEqual(targets(await list(endpoints, "(metrics=true)")), ['"a:1"']);
  assert.deepEqual(targets(await list(endpoints, "(!(metrics=*))")), ['"b:1"']);
  assert.deepEqual(await list(endpoints, "(metrics=no)"), []);
});

Deno.test("scrapeTargets refuses unknown options and filters, and asks authenticate", async () => {
  const source = { endpoints: [] };
  assert.throws(() => scrapeTargets(source, { filter: "(a=" }), { name: "FilterSyntaxError" });
  const misspelt: object = { filters: "(a=b)" };
  assert.throws(() => scrapeTargets(source, misspelt), {
    message: "Cannot use the option filters: there is no such option; did you mean filter?",
  });
  const servlet = scrapeTargets(source, { authenticate: basicAuth({ ada: "secret" }) });
  assert.equal((await servlet(new Request("http://localhost/"))).status, 401);
  const headers = { authorization: `Basic ${btoa("ada:secret")}` };
  assert.equal((await servlet(new Request("http://localhost/", { headers }))).status, 200);
  assert.equal((await servlet(new Request("http://localhost/", { method: "PUT" }))).status, 405);
});

import assert from "node:assert/strict";
import { startHosts } from "../../support/shell.ts";

Deno.test("listexports, listimports and the like list endpoints and providers, and show one", async () => {
  await using world = await startHosts();
  const { exporter, importer, endpoint } = world;
  for (const name of ["listexports", "lexps"]) {
    assert.match(
      await exporter.good(name),
      new RegExp(`\\| ${endpoint.id} \\| ${endpoint.containerId} \\| 1 `),
    );
  }
  for (const name of ["listimports", "limps"]) {
    assert.match(
      await importer.good(name),
      new RegExp(`\\| ${endpoint.id} \\| .* \\| 1                \\| 1 `),
    );
  }
  assert.match(await exporter.good("limps"), /^\+-+.*\n\|.*Local Service ID.*\n\+=+[^\n]*\n$/);
  for (const [shell, name] of [[exporter, "lexps"], [importer, "limps"]] as const) {
    const shownEndpoint = await shell.good(`${name} ${endpoint.id}`);
    assert.match(shownEndpoint, /^Endpoint description for endpoint\.id=.*:\n<\?xml/);
    assert.ok(
      shownEndpoint.includes(
        `<property name="endpoint.id" value-type="String" value="${endpoint.id}" />`,
      ),
    );
    assert.equal((await shell.json(`${name} ${endpoint.id}`))[0].colour, "red");
    assert.equal((await shell.json(name))[0].endpointId, endpoint.id);
    assert.match(await shell.bad(`${name} nope`), /No such endpoint nope/);
  }
  for (const name of ["listconfigs", "listproviders", "lcfgs"]) {
    assert.match(await exporter.good(name), /\| ecf\.xmlrpc\.server +\| XmlRpcExportProvider/);
  }
  assert.equal(
    await exporter.good("lcfgs ecf.xmlrpc.server"),
    "ID=ecf.xmlrpc.server\n\tSupported Configs=['ecf.xmlrpc.server']\n\tSupportedIntents=['osgi.basic', 'osgi.async', 'osgi.private']\n",
  );
  assert.match(await exporter.bad("lcfgs nope"), /No provider has/);
  for (const name of ["listcontainers", "lcs"]) {
    assert.ok(
      (await exporter.good(name)).includes(`| ${endpoint.containerId} | XmlRpcExportProvider |`),
    );
  }
  assert.match(
    await exporter.good(`lcs ${endpoint.containerId}`),
    /\n\tNamespace=ecf\.namespace\.xmlrpc\n/,
  );
  assert.match(await exporter.bad("lcs nope"), /No container nope/);
});

Deno.test("endpoint shows where an endpoint is known and its properties", async () => {
  await using world = await startHosts();
  const { exporter, importer, endpoint } = world;
  const exported = await exporter.good(`endpoint ${endpoint.id}`);
  assert.match(exported, new RegExp(`^ID\\.+: ${endpoint.id}\n`));
  assert.match(exported, /\nKnown as\.\.: exported, ServiceReference\(ID=1, .*\)\n/);
  assert.match(exported, /\tcolour = red\n[^]*\tendpoint\.service\.id = 1\n/);
  const imported = await importer.good(`rsa:endpoint ${endpoint.id}`);
  assert.match(imported, /\nKnown as\.\.: discovered, imported, ServiceReference\(/);
  assert.equal((await importer.json(`endpoint ${endpoint.id}`)).properties.colour, "red");
  assert.match(await importer.bad("endpoint nope"), /No endpoint nope: see endpoints/);
  assert.match(await importer.bad("endpoint"), /Missing the ID of an endpoint; usage: endpoint/);
});

Deno.test("listnamespaces and listtypedescriptions list what the providers have", async () => {
  await using world = await startHosts();
  const { exporter, importer } = world;
  for (const shell of [exporter, importer]) {
    assert.deepEqual((await shell.json("lns")).map(({ name }: { name: string }) => name), [
      "ecf.namespace.xmlrpc",
    ]);
  }
  assert.match(await exporter.good("ecf:listnamespaces"), /^\+-+\+-+\+\n\| +Namespace Name +\|/);
  assert.match(await exporter.bad("lns nope"), /No namespace nope: see lns/);
  assert.deepEqual(
    (await exporter.json("lctds")).map((row: Record<string, unknown>) => [
      row.config,
      row.direction,
      row.intents,
    ]),
    [
      ["ecf.xmlrpc.server", "export", ["osgi.basic", "osgi.async", "osgi.private"]],
      ["ecf.xmlrpc.client", "import", []],
    ],
  );
  assert.equal((await exporter.json("listtypedescriptions ecf.xmlrpc.client")).length, 1);
  assert.match(await exporter.bad("lctds nope"), /No provider has the configuration type nope/);
});

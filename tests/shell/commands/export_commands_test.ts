import assert from "node:assert/strict";
import { join } from "node:path";
import { startHosts } from "../../support/shell.ts";

Deno.test("exportservice and importservice pass an endpoint through a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "edef.xml");
    await using world = await startHosts({ defaults: { edefFile: file } });
    const { exporter, importer, host, peer } = world;
    host.framework.registry.register("my.Adder", { add: (a: number, b: number) => a + b });
    assert.match(
      await exporter.good("showdefaults"),
      /^Defaults\n\texport_config=ecf\.xmlrpc\.server\n\tEDEF file=.*;exists=False\n$/,
    );
    assert.match(await exporter.bad("showedeffile"), /Cannot read .*edef\.xml/);
    const written = await exporter.good("exportsvc 2");
    assert.match(
      written,
      /^Service=ServiceReference\(ID=2, Bundle=0, Specs=\['my\.Adder'\]\) exported by 1 providers\. EDEF written to file=.*edef\.xml\n$/,
    );
    assert.match(await exporter.good("showedeffile"), /<value>my\.Adder<\/value>/);
    assert.match(await exporter.good("showdefaults"), /exists=True/);
    assert.equal((await exporter.json("showdefaults")).exists, true);
    await peer.service("my.Adder"); // it was advertised
    const adder = peer.admin.imports.find(({ endpoint }) => endpoint.interfaces[0] === "my.Adder");
    assert.ok(adder);
    await importer.good(`unimpsvc ${adder.endpoint.id}`);
    assert.deepEqual(peer.services("my.Adder"), []);
    assert.match(
      await importer.good("importservice"),
      /^Importing 1 endpoints from file=.*\nProxy service=ServiceReference\(ID=\d+, Bundle=0, Specs=\['my\.Adder'\]\) imported\. rsid=http:.*:\d+\n$/,
    );
    assert.equal(await importer.good("call my.Adder add [1, 2]"), "3\n");
    const [, exported] = host.admin.exports;
    assert.ok(exported);
    await exporter.good(`unexportservice ${exported.endpoint.id}`);
    assert.equal(host.admin.exports.length, 1);
    for (
      const line of [
        "unexpsvc nope",
        "unimportservice nope",
        "exportservice 99",
        `impsvc ${folder}`,
      ]
    ) {
      assert.match(
        await exporter.bad(line),
        /No (?:exported|imported) endpoint|No service has|Cannot read/,
      );
    }
    const unwritable = join(folder, "no", "such.xml");
    assert.match(
      await exporter.bad(`exportservice 2 ecf.xmlrpc.server ${unwritable}`),
      /Cannot write/,
    );
    assert.equal(host.admin.exports.length, 1, "nothing is left half done");
    assert.match(await exporter.bad("exportservice 2 no.config"), /no provider has no\.config/);
    assert.match(
      await exporter.good(`setdefaults ecf.xmlrpc.client ${file}2`),
      /export_config=ecf\.xmlrpc\.client\n.*edef\.xml2;exists=False/,
    );
    assert.match(
      await exporter.bad("setdefaults nope"),
      /No provider has the configuration type nope/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("exportservice and updateservice take properties with their types", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const edefFile = join(folder, "edef.xml");
    await using world = await startHosts({ defaults: { edefFile } });
    const { exporter, host } = world;
    const { reference } = host.framework.registry.register("my.Other", { go: () => 1 });
    const written = await exporter.good(
      `exportservice ${reference.id} [ size=10 large=9007199254740993 colour=blue ]`,
    );
    assert.match(written, /exported by 1 providers\. EDEF written to file=.*edef\.xml\n$/);
    const find = () =>
      host.admin.exports.find(({ endpoint }) => endpoint.interfaces[0] === "my.Other");
    assert.equal(String(find()?.endpoint.extras.get("size")), "10");
    assert.equal(find()?.endpoint.extras.get("colour"), "blue");
    const id = find()?.endpoint.id;
    assert.match(
      await exporter.good(`updateservice ${id} colour=green`),
      new RegExp(`^Service=ServiceReference\\(ID=2, .* updated as endpoint\\.id=${id}\\n$`),
    );
    assert.equal(find()?.endpoint.extras.get("colour"), "green");
    await exporter.good(`ecf:updsvc ${reference.id} 'note=a b'`);
    assert.equal(find()?.endpoint.extras.get("note"), "a b");
    assert.match(await exporter.bad(`updsvc ${id} =x`), /Cannot read =x: give name=value/);
    assert.match(await exporter.bad(`updsvc ${id} colour`), /Cannot read colour: give name=value/);
    assert.match(await exporter.bad("updateservice nope"), /No exported endpoint nope: see lexps/);
    await exporter.good(`unexportservice ${reference.id}`);
    assert.equal(find(), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("importservice imports the endpoints of a URL", async () => {
  await using world = await startHosts();
  const { exporter, importer, endpoint, peer } = world;
  const edef = (await exporter.good(`lexps ${endpoint.id}`)).replace(/^.*\n/, "");
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => url.endsWith("/edef.xml") ? new Response(edef) : new Response("", { status: 404 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const before = peer.admin.imports.length;
  const imported = await importer.good(`importservice ${url}/edef.xml`);
  assert.match(imported, /^Importing 1 endpoints from file=http.*edef\.xml\nProxy service=/);
  assert.equal(peer.admin.imports.length, before + 1);
  assert.match(
    await importer.bad(`impsvc ${url}/none`),
    /^importservice: Cannot read http:.*\/none: the server answered 404\n$/,
  );
});

Deno.test("rsadebug logs exports and imports until it is switched off", async () => {
  await using world = await startHosts();
  const { exporter, host } = world;
  const lines: string[] = [];
  const io = {
    write: () => {},
    log: (line: string) => void lines.push(line),
    signal: new AbortController().signal,
  };
  assert.ok(await exporter.shell.execute("rsadebug", io));
  const { endpoint } = await host.register("my.Debugged", { go: () => 1 });
  assert.equal(await exporter.good("rsadebug"), "RSA debugging OFF\n");
  await host.register("my.Quiet", { go: () => 1 });
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? "",
    new RegExp(`Z export-registration of endpoint ${endpoint.id} \\(my\\.Debugged\\) at http:`),
  );
  assert.equal(await exporter.good("ecf:rsadebug on"), "RSA debugging ON\n");
  assert.equal(await exporter.good("rsadebug on"), "RSA debugging ON\n");
  assert.equal(await exporter.good("ecf:rsadebug false"), "RSA debugging OFF\n");
  assert.equal(await exporter.good("rsadebug true"), "RSA debugging ON\n");
  assert.match(await exporter.bad("rsadebug maybe"), /Cannot switch maybe: give on or off/);
  exporter.shell.close();
});

Deno.test("importservice reports an invalid description and imports the others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "edef.xml");
    await using world = await startHosts();
    const { exporter, importer, host, peer } = world;
    host.framework.registry.register("my.Adder", { add: (a: number, b: number) => a + b });
    await exporter.good(`exportservice 2 ecf.xmlrpc.server ${file}`);
    const bad = '<endpoint-description><property name="endpoint.id" value="urn:bad" />' +
      "</endpoint-description>";
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace("<endpoint-description>", `${bad}$&`));
    const written = await importer.good(`importservice ${file}`);
    assert.match(written, /^Cannot read the endpoint urn:bad \(line 3\): .*objectClass/);
    assert.match(written, /\nImporting 1 endpoints from file=/);
    assert.equal(peer.services("my.Adder").length, 1);
    const [description = ""] = /<endpoint-description>[^]*<\/endpoint-description>/.exec(text) ??
      [];
    const foreign = description
      .replace(/>(?:ecf\.xmlrpc\.server)</g, ">foreign<")
      .replace(/(name="endpoint.id"[^>]* value)="[^"]*"/, '$1="urn:foreign"');
    await Deno.writeTextFile(file, text.replace("<endpoint-description>", `${foreign}$&`));
    const mixed = await importer.bad(`impsvc -e ${new URL(`file://${file}`)}`);
    assert.match(
      mixed,
      /\nCannot import endpoint urn:foreign: no provider for foreign\nProxy service=/,
    );
    assert.match(mixed, /importservice: Cannot import 1 of 2: urn:foreign\n$/);
    await Deno.writeTextFile(
      file,
      text.replace(/<property name="objectClass"[^]*?<\/property>/, ""),
    );
    assert.match(await importer.bad(`importservice ${file}`), /Cannot read .*objectClass/);
    assert.equal(
      await importer.bad("importservice ftp://h/x.xml"),
      "importservice: Cannot read ftp://h/x.xml: the scheme is ftp; give http, https or file, or " +
        "a path\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

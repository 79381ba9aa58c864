import assert from "node:assert/strict";
import { join } from "node:path";
import { Framework, type RemoteServices, remoteServices } from "../../mod.ts";
import { drawTable, shown } from "../../src/shell/table.ts";
import { wordsOf } from "../../src/shell/words.ts";
import { Shell, type ShellOptions } from "../../src/shell/mod.ts";
import { EndpointRecorder } from "../support/events.ts";
import { testEtcd } from "../support/etcd.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

Deno.test("a table is drawn as Pelix draws it", () => {
  const transcript = Deno.readTextFileSync(
    new URL("../fixtures/ipopo/shell.txt", import.meta.url),
  );
  const drawn = [
    drawTable(["ID", "Specifications", "Bundle", "Ranking"], [[
      ...["22", shown([IHELLO]), "Bundle(ID=19, Name=samples.rsa.helloimpl_xmlrpc)", "0"],
    ]]),
    drawTable(["Endpoint ID", "Container ID", "Service ID"], [[
      ...["8dec6bee-10c6-45ca-80b9-48a156fce629", "http://127.0.0.1:8181/xml-rpc", "22"],
    ]]),
  ];
  for (const table of drawn) assert.ok(transcript.includes(table), table);
  assert.equal(drawTable(["A"], []), "+---+\n| A |\n+===+\n");
  assert.equal(
    drawTable(["Even"], [["a\nb"]]),
    "+------+\n| Even |\n+======+\n| a b  |\n+------+\n",
  );
});

Deno.test("values are shown as Pelix shows them", () => {
  assert.equal(shown(["a", "it's", 1]), `['a', "it's", 1]`);
  assert.equal(shown(new Set(["a"])), "{'a'}");
  assert.equal(shown(Uint8Array.of(1, 2)), "2 bytes");
  assert.equal(shown({ a: 1n }), '{"a":"1"}');
  assert.equal(shown(1n), "1");
});

Deno.test("words of a line are separated by white space that is not quoted", () => {
  const words = (line: string) => wordsOf(line).map(({ text }) => text);
  assert.deepEqual(words(`  a  "b c" 'd "e' f\\ g "h\\"i" `), ["a", "b c", 'd "e', "f g", 'h"i']);
  assert.deepEqual(words(""), []);
  assert.deepEqual(words(`call "unclosed x`), ["call", '"unclosed', "x"]);
  assert.deepEqual(words(`it's a"b abc\\`), ["it's", 'a"b', "abc\\"]);
  assert.deepEqual(wordsOf("ab  cd").map(({ from }) => from), [0, 4]);
});

/** A host that exports, one that imports, and a shell for each. */
async function twoHosts(options: ShellOptions = {}) {
  const stack = new AsyncDisposableStack();
  const etcd = stack.use(await testEtcd());
  const settings = { etcd: { endpoints: etcd.endpoint } };
  const host = stack.use(await remoteServices({ ...settings, http: { port: 0 } }));
  const peer = stack.use(await remoteServices(settings));
  const called = Promise.withResolvers<void>();
  const registration = await host.register(IHELLO, {
    sayHello: (from: string, message: string) => `Howdy ${from}: ${message}`,
    fail: () => Promise.reject(new Error("no such luck")),
    hang: () => {
      called.resolve();
      return new Promise(() => {});
    },
  }, { "service.exported.interfaces": "*", colour: "red" });
  await peer.service(IHELLO);
  return {
    ...{ host, peer, registration, endpoint: registration.endpoint, called },
    exporter: typist(host, options),
    importer: typist(peer, options),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Types lines into a shell and gives what they wrote. */
function typist(host: RemoteServices, options: ShellOptions = {}) {
  const shell = new Shell(host, options);
  const type = async (line: string, signal = new AbortController().signal) => {
    let text = "";
    const isWell = await shell.execute(line, { write: (part) => void (text += part), signal });
    return { isWell, text };
  };
  return {
    shell,
    type,
    good: async (line: string) => {
      const { isWell, text } = await type(line);
      assert.ok(isWell, text);
      return text;
    },
    bad: async (line: string) => {
      const { isWell, text } = await type(line);
      assert.ok(!isWell, text);
      return text;
    },
    json: async (line: string) => JSON.parse((await type(`${line} --json`)).text),
  };
}

Deno.test("services and bundles are listed and shown", async () => {
  await using world = await twoHosts();
  const { exporter: { good, bad, json }, importer, host } = world;
  assert.match(
    await good("sl"),
    /\['org\.eclipse.*Bundle\(ID=0, Name=framework\) \| 0 .*\n.*\n1 services registered\n$/,
  );
  assert.equal(await good(`sl ${IHELLO}`), await good("SL"));
  assert.match(await bad("sl nope"), /No service provides 'nope'/);
  assert.deepEqual((await json("sl"))[0].interfaces, [IHELLO]);
  assert.deepEqual(await json("sl nope"), []);
  assert.match(
    await good("sd 1"),
    /ID\.+: 1\n[^]*\tcolour = red\n[^]*Bundles using this service:\n$/,
  );
  assert.equal((await json("sd 1")).properties.colour, "red");
  assert.match(await bad("sd 99"), /No service has the ID 99/);
  assert.match(await bad("sd"), /Missing the ID of a service; usage: sd <service id>/);
  await host.framework.installBundle({
    name: "my.bundle",
    version: "1.2.3",
    start: (context) => {
      const reference = context.getReference(IHELLO);
      assert.ok(reference);
      context.getService(reference);
      context.registerService("my.Service", {});
    },
  }).start();
  assert.match(
    await good("bl"),
    /\| 1 {2}\| my\.bundle \| ACTIVE \| 1\.2\.3 {3}\|\n[^]*2 bundles installed\n$/,
  );
  assert.match(await good("bl my"), /1 filtered bundles\n$/);
  assert.equal((await json("bl")).length, 2);
  assert.match(await good("sd 1"), /\tBundle\(ID=1, Name=my\.bundle\)\n$/);
  const shownBundle = await good("bd my.bundle");
  assert.equal(shownBundle, await good("bd 1"));
  assert.match(
    shownBundle,
    /Published services:\n\tServiceReference\(ID=2, Bundle=1, Specs=\['my\.Service'\]\)\nServices used by this bundle:\n\tServiceReference\(ID=1,/,
  );
  assert.match(await good("bd 0"), /Services used by this bundle:\n\tn\/a\n/);
  assert.match(await bad("bd nope"), /No bundle is nope/);
  assert.match(await importer.good("sl"), /1 services registered/);
});

Deno.test("exports and imports are listed, and shown as descriptions", async () => {
  await using world = await twoHosts();
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
    "ID=ecf.xmlrpc.server\n\tSupported Configs=['ecf.xmlrpc.server']\n\tSupportedIntents=['osgi.basic', 'osgi.async']\n",
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

Deno.test("a service is exported and imported by hand, through a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "edef.xml");
    await using world = await twoHosts({ defaults: { edefFile: file } });
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

Deno.test("the discovery is shown, filtered, watched and called through", async () => {
  await using world = await twoHosts();
  const { exporter, importer, host, peer, registration, endpoint, called } = world;
  assert.match(
    await importer.good("discovery"),
    /^provider\.+: etcd3\nstate\.+: synced\n[^]*\nlease\.+: [0-9a-f]+\n[^]*\nendpoints\.+: 1\n/,
  );
  assert.equal((await importer.json("discovery")).imports, 1);
  assert.match(
    await importer.good("endpoints"),
    new RegExp(`${endpoint.id}.*\n.*\n1 endpoints discovered`),
  );
  assert.match(await importer.good("endpoints (colour=r*)"), /1 endpoints discovered/);
  assert.match(
    await importer.good("endpoints (&(colour=red)(!(objectClass=*IHello)))"),
    /0 endpoints discovered/,
  );
  assert.equal((await importer.json("endpoints (colour=red)"))[0]["endpoint.id"], endpoint.id);
  assert.match(await importer.bad("endpoints (colour=red"), /Cannot read the filter/);
  assert.equal(
    await importer.good(`call ${IHELLO} sayHello ["you", "it's me"]`),
    `"Howdy you: it's me"\n`,
  );
  assert.match(await exporter.good(`call ${IHELLO} sayHello`), /Howdy undefined/);
  const once = await importer.good(`call ${IHELLO} sayHello ["a b", "c"]`);
  for (const line of [`'["a b", "c"]'`, `["a b", "c"] --json`]) {
    assert.equal(await importer.good(`call ${IHELLO} sayHello ${line}`), once, line);
  }
  assert.equal(await importer.good(`call --json ${IHELLO} sayHello ["a b", "c"]`), once);
  assert.match(await importer.good("endpoints '(colour=red)'"), /1 endpoints discovered/);
  const giveUp = new AbortController();
  const hanging = importer.type(`call ${IHELLO} hang`, giveUp.signal);
  await called.promise;
  giveUp.abort();
  assert.deepEqual(await hanging, { isWell: false, text: "call: given up\n" });
  assert.match(await importer.bad(`call ${IHELLO} fail`), /no such luck/);
  assert.match(await importer.bad(`call ${IHELLO} sayHello {"a":1}`), /give a JSON array/);
  assert.match(await importer.bad(`call ${IHELLO}`), /Missing a method; usage/);
  assert.match(await exporter.bad(`call ${IHELLO} nope`), /has no method nope/);
  assert.match(await importer.bad("call my.Nope x"), /No service my\.Nope/);

  const stop = new AbortController();
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  const watching = importer.type("watch", stop.signal);
  await registration.setProperties({ colour: "blue" });
  await events.until("modified", ({ type }) => type === "modified");
  const again = await host.register("my.Other", { go: () => 1 });
  await events.until("other", ({ endpoint }) => endpoint.id === again.endpoint.id);
  stop.abort();
  const { text, isWell } = await watching;
  assert.ok(isWell);
  assert.match(
    text,
    /^Watching until Ctrl-C\n\S+Z added .*IHello at http.*\n\S+Z modified .*IHello[^]*\n\S+Z added +my\.Other/,
  );
});

Deno.test("help, unknown commands, comments, own commands and quit", async () => {
  await using host = await remoteServices({
    etcd: { startOffline: true, endpoints: "127.0.0.1:1" },
  });
  const { shell, good, bad, json } = typist(host, {
    commands: [{
      name: "shout",
      summary: "Says it loudly.",
      run: ({ args }, io) => io.write(args.join(" ").toUpperCase()),
    }],
  });
  const names = (await json("help")).map(({ name }: { name: string }) => name);
  for (const name of names) assert.match(await good(`help ${name}`), new RegExp(`^- ${name}`));
  assert.ok(names.includes("watch") && names.length === 22, String(names));
  assert.equal(await good("? lexps"), await good("help listexports"));
  assert.match(await bad("help nope"), /Unknown command nope/);
  assert.match(await bad("nope x"), /Unknown command nope: see help/);
  assert.equal(await good("  # a comment"), "");
  assert.equal(await good(""), "");
  assert.equal(await good("shout 'a  b' c"), "A  B C");
  assert.equal(await good("shout \x1b[2J\x07"), "\ufffd[2J\ufffd", "no terminal obeys a property");
  assert.equal((await json("discovery")).state, "connecting");
  assert.equal(shell.isQuit, false);
  await good("exit");
  assert.equal(shell.isQuit, true);
});

Deno.test("commands, ids and interfaces are completed", async () => {
  await using host = await remoteServices({
    etcd: { startOffline: true, endpoints: "127.0.0.1:1" },
  });
  assert.ok(host.framework instanceof Framework);
  host.framework.registry.register("my.First", {});
  host.framework.registry.register("my.Second", {});
  const { shell } = typist(host);
  const candidates = (line: string) => shell.complete(line).candidates;
  assert.deepEqual(candidates("listex"), ["listexports"]);
  assert.ok(candidates("").length > 22);
  assert.deepEqual(candidates("sl my."), ["my.First", "my.Second"]);
  assert.deepEqual(candidates("call my.F"), ["my.First"]);
  assert.deepEqual(candidates("sd "), ["1", "2"]);
  assert.deepEqual(candidates("lcfgs ecf.xmlrpc.s"), ["ecf.xmlrpc.server"]);
  assert.deepEqual(candidates("help wat"), ["watch"]);
  assert.deepEqual(candidates("nope x"), []);
});

import assert from "node:assert/strict";
import { IHELLO, startHosts } from "../../support/shell.ts";

Deno.test("sl, sd, bl and bd list and show services and bundles", async () => {
  await using world = await startHosts();
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

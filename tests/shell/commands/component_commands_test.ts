import assert from "node:assert/strict";
import { createComponent, registerComponentFactory, requirement } from "../../../mod.ts";
import { startBundle } from "../../support/framework.ts";
import { createTypist } from "../../support/shell.ts";

/** Returns a framework with one bundle and a shell for it. */
async function startShell() {
  const started = await startBundle();
  const host = { framework: started.framework, admin: undefined, discoveries: [] };
  return { ...started, ...createTypist(host) };
}

Deno.test("instance says which service a component waits for", async () => {
  const { context, registry, good, json } = await startShell();
  await using _component = createComponent(context, {
    name: "greeter",
    requires: {
      printer: requirement("Printer", { filter: "(colour=true)" }),
      clock: requirement("Clock", { optional: true }),
    },
    provides: "Greeter",
    validate: () => ({}),
  });
  assert.match(await good("instances"), /\| greeter \| +\| INVALID \|[^]*1 components running\n$/);
  const shown = await good("instance greeter");
  assert.match(shown, /State\.+: INVALID\nServices\.:\nDependencies:\n\tField: printer\n/);
  assert.match(shown, /\t\tFilter\.+: \(colour=true\)\n\t\tOptional\.+: False\n/);
  assert.match(shown, /\t\tMissing\.+: no service Printer is registered\n\tField: clock\n/);
  const grey = registry.register("Printer", {}, { colour: false });
  assert.match(
    await good("instance greeter"),
    /\tMissing\.+: the filter accepts none of the services 1; see sd\n/,
  );
  grey.setProperties({ colour: true });
  const valid = await good("ipopo:instance greeter");
  assert.match(valid, /State\.+: VALID\nServices\.:\n\tServiceReference\(ID=2, Bundle=1, Specs/);
  assert.match(valid, /\t\tBindings:\n\t\t\tServiceReference\(ID=1, /);
  assert.doesNotMatch(valid, /Missing/);
  assert.deepEqual((await json("instance greeter")).requirements, [
    { name: "printer", interface: "Printer", services: [1] },
    { name: "clock", interface: "Clock", services: [] },
  ]);
});

Deno.test("instance shows the error of a component that failed", async () => {
  const { context, good, bad } = await startShell();
  await using _component = createComponent(context, {
    name: "broken",
    validate: () => {
      throw new Error("no paper");
    },
  });
  assert.match(await good("instance broken"), /State\.+: ERRONEOUS\nError\.+: no paper\n/);
  assert.match(await bad("instance nope"), /No component nope: see instances and waiting/);
  assert.match(await bad("instance"), /Missing the name of a component; usage: instance <name>/);
});

Deno.test("factories, waiting, instantiate and kill manage components by name", async () => {
  const { framework, context, registry, good, bad, json } = await startShell();
  framework.components.instantiate("printer-factory", "early");
  assert.match(
    await good("waiting"),
    /\| early \| printer-factory \| no factory printer-factory \|[^]*1 components in the waiting/,
  );
  registerComponentFactory(context, "printer-factory", (properties) => ({
    provides: "Printer",
    properties,
    validate: () => ({}),
  }));
  assert.match(await good("waiting"), /0 components in the waiting queue\n$/);
  assert.match(
    await good("factories"),
    /\| printer-factory \| Bundle\(ID=1, Name=b\) \|[^]*1 factories available\n$/,
  );
  assert.match(await good("factories x"), /0 filtered factories\n$/);
  assert.equal(
    await good("instantiate printer-factory late dpi=600"),
    "Component 'late' instantiated.\n",
  );
  assert.equal(registry.getReferences("Printer", "(dpi>=600)").length, 1);
  assert.deepEqual(
    (await json("instances")).map(({ factory }: { factory: string }) => factory),
    ["printer-factory", "printer-factory"],
  );
  assert.match(await bad("instantiate printer-factory late"), /the name is taken/);
  assert.match(await bad("instantiate nope x"), /No component factory nope: see factories/);
  assert.equal(await good("kill early"), "Component 'early' killed.\n");
  assert.equal(await good("kill late"), "Component 'late' killed.\n");
  assert.deepEqual(registry.getReferences("Printer"), []);
  assert.match(await bad("kill late"), /No component late: see instances/);
});

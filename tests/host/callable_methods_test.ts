import assert from "node:assert/strict";
import { memory, type RegisterProperties, remoteServices } from "../../mod.ts";

interface Account {
  read(): string;
  wipe(): string;
}

class AccountImpl implements Account {
  read(): string {
    return "42";
  }
  wipe(): string {
    return "wiped";
  }
}

async function createPair() {
  const discovery = [memory()];
  const server = await remoteServices({ discovery, http: { port: 0 }, drainMs: 0 });
  const client = await remoteServices({ discovery });
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}

Deno.test("register makes only the given methods callable, also after changes", async () => {
  await using pair = await createPair();
  const registration = await pair.server.register<Account>(
    "com.example.Account",
    new AccountImpl(),
    {
      methods: ["read"],
      colour: "green",
    },
  );
  const proxy = await pair.client.service<Account>("com.example.Account");
  const check = async () => {
    assert.equal(await proxy.read(), "42");
    // The proxy knows the methods, but a client may send any name.
    const address = registration.endpoint.containerId ?? "";
    const name = `${registration.endpoint.remoteServiceId}.wipe`;
    const body = `<methodCall><methodName>${name}</methodName></methodCall>`;
    const headers = { "content-type": "text/xml" };
    const response = await fetch(address, { method: "POST", body, headers });
    assert.match(await response.text(), /no such method|has the methods read|no method wipe/);
  };
  await check();
  assert.equal(registration.endpoint.extras.get("methods"), undefined);
  await registration.setProperties({ colour: "red" });
  await check();
  const { id } = registration.endpoint;
  await registration.setProperties({ "service.exported.interfaces": undefined });
  await registration.setProperties({ "service.exported.interfaces": "*" });
  assert.notEqual(registration.endpoint.id, id);
  await check();
  pair.server.topologyManager.renewExports();
  await registration.setProperties({ colour: "blue" });
  await check();
});

Deno.test("setProperties changes the callable methods, and refuses an invalid list", async () => {
  await using pair = await createPair();
  const registration = await pair.server.register("com.example.Account", new AccountImpl());
  const proxy = await pair.client.service<Account>("com.example.Account");
  assert.equal(await proxy.wipe(), "wiped");
  await registration.setProperties({ methods: ["read"], colour: "red" });
  assert.deepEqual(registration.endpoint.extras.get("rs.methods"), ["read"]);
  assert.equal(registration.endpoint.extras.get("methods"), undefined);
  await assert.rejects(proxy.wipe(), { code: "no-such-method" });
  for (const methods of ["read", [], [1], ["raed"]]) {
    await assert.rejects(registration.setProperties({ methods }), TypeError);
  }
  await assert.rejects(registration.setProperties({ integers: "i8" }), {
    message: "Cannot change integers: close the registration and register again",
  });
  assert.deepEqual(registration.endpoint.extras.get("rs.methods"), ["read"]);
  assert.equal(registration.endpoint.extras.get("colour"), "red");
});

Deno.test("register refuses methods that are not a list of the object's methods", async () => {
  await using pair = await createPair();
  const { server } = pair;
  for (const methods of [[], "read", [1], {}]) {
    const properties = { methods } as RegisterProperties<object>;
    await assert.rejects(
      server.register("com.example.Account", new AccountImpl(), properties),
      {
        name: "TypeError",
        message: "Cannot export com.example.Account: methods is not a list of names; give one or " +
          "more names, or leave it out for all public methods",
      },
    );
  }
  await assert.rejects(
    // @ts-expect-error the object has no such method
    server.register("com.example.Account", new AccountImpl(), { methods: ["raed"] }),
    { name: "TypeError", message: /raed: the object has no such method; did you mean read\?/ },
  );
  assert.deepEqual(server.admin.exports, []);
});

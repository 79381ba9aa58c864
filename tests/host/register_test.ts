import assert from "node:assert/strict";
import { etcd3, memory, type RemoteServices, remoteServices } from "../../mod.ts";
import { testEtcd } from "../support/etcd.ts";

/** Registers what the types do not allow. */
function register(host: RemoteServices, ...args: unknown[]): Promise<unknown> {
  return Reflect.apply(host.register, host, args);
}

const SERVICE = { go: () => 1 };

Deno.test("register refuses what is no object, and says what it is", async () => {
  await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
  const cases: [service: unknown, message: string][] = [
    [null, "it is null; give an object"],
    [undefined, "it is undefined; give an object"],
    [5, "it is 5; give an object"],
    [5n, "it is 5; give an object"],
    ["text", "it is text; give an object"],
    [true, "it is true; give an object"],
    [Symbol("s"), "it is Symbol(s); give an object"],
    [Promise.resolve(SERVICE), "it is a promise; await it and give the object that it resolves to"],
  ];
  for (const [service, reason] of cases) {
    await assert.rejects(register(host, "com.example.Work", service), {
      name: "TypeError",
      message: `Cannot register a service as com.example.Work: ${reason}`,
    });
  }
  assert.deepEqual(host.framework.registry.getReferences("com.example.Work"), []);
});

Deno.test("register refuses properties that are not an object with members", async () => {
  await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
  const registration = await host.register("com.example.Other", SERVICE);
  const set = (value: unknown) => Reflect.apply(registration.setProperties, registration, [value]);
  const message = /^Cannot use the properties of a service: give an object, such as/;
  for (const wrong of [null, "colour=red", 5, ["colour"], new Map([["colour", "red"]]), () => 1]) {
    const error = { name: "TypeError", message };
    await assert.rejects(register(host, "com.example.Work", SERVICE, wrong), error);
    await assert.rejects(set(wrong), error);
  }
  assert.deepEqual(host.framework.registry.getReferences("com.example.Work"), []);
});

/** Characters that mean something in lists, filters or quotes, or that can't be seen. */
const REFUSED: readonly string[] = Array.from(
  "*()\\=<>~&|!\"'`, \t\n\u00a0\u2028\u0000\u0007\u007f\u200b\u202e",
).concat("\ud800");

/** Names that are unusual and work. */
const ACCEPTED: readonly string[] =
  "a -a a/b urn:a:b a#b a%20b a;b a@1.2.3 $a [a] {a} . a..b größe 日本 🙂 toString __proto__ constructor"
    .split(" ").concat("x".repeat(255));

Deno.test("register refuses interface names that could not be found, or not be typed", async () => {
  await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
  const message = /: give (an interface name of at most 255 characters|interface names) without/;
  const long = ["", "x".repeat(256), "x".repeat(10_000)];
  for (const name of REFUSED.flatMap((text) => [text, `a${text}b`]).concat(long)) {
    for (const names of [name, ["com.example.Work", name]]) {
      const error = await register(host, names, SERVICE).then(() => assert.fail(name), String);
      assert.match(error, message);
      assert.ok(error.length < 700 && !/[\p{Cc}\p{Cf}]/u.test(error), error);
    }
  }
  for (const names of [null, undefined, 5, {}, [], [null], [["com.example.Work"]]]) {
    await assert.rejects(register(host, names, SERVICE), {
      name: "TypeError",
      message: /^Cannot register a service as .*: give interface names without spaces$/,
    });
  }
  assert.equal(host.admin.exports.length, 0);
});

Deno.test("Services with unusual names are found through etcd, called and filtered", async () => {
  await using etcd = await testEtcd();
  const start = () =>
    remoteServices({
      discovery: [etcd3({ endpoints: etcd.endpoint })],
      http: { port: 0 },
      drainMs: 0,
    });
  await using server = await start();
  await using client = await start();
  for (const name of ACCEPTED) await server.register(name, { go: () => name });
  const names = ["com.example.A"].concat(ACCEPTED.slice(0, 5));
  await server.register(names, { go: () => "several" }, { several: true });
  for (const name of ACCEPTED) {
    const filter = `(&(objectClass=${name})(!(several=true)))`;
    const proxy = await client.service<{ go(): string }>(name, { filter });
    assert.equal(await proxy.go(), name);
  }
  const twice = await server.register(["com.example.B", "com.example.B"], SERVICE);
  assert.deepEqual(twice.endpoint.interfaces, ["com.example.B"]);
  const several = await client.service("com.example.A");
  assert.ok(several);
  const [reference] = client.framework.registry.getReferences("com.example.A");
  assert.deepEqual(reference?.properties.objectClass, names);
});

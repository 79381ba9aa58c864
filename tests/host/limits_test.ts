import assert from "node:assert/strict";
import {
  memory,
  RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
  withOptions,
} from "../../mod.ts";
import { makeCertificates } from "../support/certificates.ts";

interface Store {
  list(count: number): number[];
  getText(length: number): string;
  echo(value: unknown): unknown;
}

const store: Store = {
  list: (count) => Array.from({ length: count }, (_, index) => index),
  getText: (length) => "x".repeat(length),
  echo: (value) => value,
};

/** Starts an exporter and a client with the given options. */
async function createPair(
  http: RemoteServicesOptions["http"],
  client: RemoteServicesOptions["client"] = {},
) {
  const discovery = [memory()];
  const server = await remoteServices({ discovery, http: { port: 0, ...http }, drainMs: 0 });
  await server.register<Store>("com.example.Store", store);
  const peer = await remoteServices({ discovery, client });
  return {
    proxy: await peer.service<Store>("com.example.Store"),
    async [Symbol.asyncDispose]() {
      await peer.close();
      await server.close();
    },
  };
}

Deno.test("A client reads replies of 100,000 values and more, within its limits", async () => {
  await using pair = await createPair({});
  assert.equal((await pair.proxy.list(150_000)).length, 150_000);
  await using small = await createPair({}, { maxValues: 100 });
  await assert.rejects(small.proxy.list(150), { code: "invalid-reply", isExecuted: "unknown" });
});

Deno.test("The limits of replies are options of both ends", async () => {
  const length = 9 * 1024 * 1024;
  await using refused = await createPair({});
  await assert.rejects(refused.proxy.getText(length), { code: "fault" });
  await using allowed = await createPair({ maxReplyLength: 2 * length });
  assert.equal((await allowed.proxy.getText(length)).length, length);
  await using small = await createPair({ maxReplyLength: 2 * length }, { maxReplyBytes: 1000 });
  await assert.rejects(small.proxy.getText(5000), { code: "invalid-reply" });
});

Deno.test("The form of whole numbers beyond 32 bits is an option of both ends", async () => {
  const value = 2 ** 40;
  await using strict = await createPair({});
  await assert.rejects(strict.proxy.echo(value), { code: "not-sendable" });
  for (const integers of ["double", "i8"] as const) {
    const codec = { integers, i8As: "number" } as const;
    await using pair = await createPair(codec, codec);
    assert.equal(await pair.proxy.echo(value), value, integers);
  }
});

Deno.test("The form of whole numbers beyond 32 bits is an option of a service and of a call", async () => {
  const value = 2 ** 40;
  const discovery = [memory()];
  await using server = await remoteServices({ discovery, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices({ discovery });
  const methods = { now: () => value, echo: (given: unknown) => given, list: () => [{ value }] };
  for (const integers of ["double", "i8", undefined, "strict"] as const) {
    const name = `com.example.${integers}`;
    const registration = await server.register(name, methods, integers ? { integers } : {});
    assert.ok([...registration.endpoint.extras.keys()].every((key) => !key.includes("integers")));
    await registration.setProperties({ colour: "green" });
    const clock = await peer.service<typeof methods>(name);
    if (integers === "double" || integers === "i8") {
      const expected = integers === "double" ? value : BigInt(value);
      assert.deepEqual(await clock.now(), expected);
      assert.deepEqual(await clock.list(), [{ value: expected }]);
      await assert.rejects(clock.echo(value), { code: "not-sendable" });
      assert.deepEqual(await withOptions(clock, { integers }).echo(value), expected);
    } else await assert.rejects(clock.now(), { code: "fault" });
  }
  const wrong = { integers: "long" as "i8" };
  await assert.rejects(server.register("com.example.Wrong", methods, wrong), {
    name: "TypeError",
    message: 'Cannot use integers "long": give "strict", "double" or "i8"',
  });
  const [proxy = {}] = peer.services("com.example.i8");
  assert.throws(() => withOptions(proxy, wrong), /Cannot use integers "long"/);
  assert.throws(() => new RemoteServices({ http: wrong }), /Cannot use integers "long"/);
  assert.throws(() => new RemoteServices({ client: wrong }), /Cannot use integers "long"/);
});

Deno.test("The error of an argument that is too large for the server shows its limit", async () => {
  await using pair = await createPair({ maxBytes: 2000 });
  await assert.rejects(pair.proxy.echo("x".repeat(5000)), {
    code: "not-sendable",
    isExecuted: false,
    message:
      /^Cannot call echo of com\.example\.Store at http:.*: HTTP status 413, beginning with: The body exceeds 2000 bytes$/,
  });
});

Deno.test("A client trusts the authority of its tls option", async () => {
  await using certificates = await makeCertificates();
  const { serverCert: cert, serverKey: key, ca } = certificates;
  await using pair = await createPair({ tls: { cert, key } }, { tls: { ca } });
  assert.equal(await pair.proxy.getText(2), "xx");
});

Deno.test("Options of the client that are invalid or have no effect are refused", () => {
  const create = (client: RemoteServicesOptions["client"]) => () =>
    new RemoteServices({ discovery: [memory()], ...(client && { client }) });
  assert.throws(create({ maxReplyBytes: 0 }), {
    name: "RangeError",
    message: "Cannot use maxReplyBytes 0: give a positive number",
  });
  assert.throws(create({ maxValues: -1 }), RangeError);
  assert.throws(create({ fetch, proxy: "http://proxy:1" }), /Cannot use proxy beside fetch/);
  assert.throws(create({ fetch, tls: {} }), /Cannot use tls beside fetch/);
  assert.throws(create({ proxy: "ftp://proxy" }), TypeError);
});

import assert from "node:assert/strict";
import { HttpService } from "../../mod.ts";

Deno.test("a path has one servlet until it is removed", async () => {
  await using http = new HttpService({ port: 0 });
  http.start();
  const remove = http.register("/a", () => new Response("hello"));
  assert.throws(() => http.register("/a", () => new Response()), /has a servlet/);
  assert.throws(() => http.register("a", () => new Response()), TypeError);
  const get = async (path: string) => {
    const response = await fetch(http.url + path);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await get("/a?x=1"), [200, "hello"]);
  remove();
  assert.equal((await get("/a"))[0], 404);
});

Deno.test("a servlet that fails is answered with 500 and without its message", async () => {
  await using http = new HttpService({ port: 0 });
  http.start();
  http.register("/", () => {
    throw new Error("a secret");
  });
  const response = await fetch(http.url);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});

Deno.test("a port in use is an error that names it", async () => {
  await using first = new HttpService({ port: 0 });
  first.start();
  const port = Number(new URL(first.url).port);
  await using second = new HttpService({ port });
  assert.throws(
    () => second.start(),
    (error: Error) =>
      error instanceof Deno.errors.AddrInUse && error.message.includes(`127.0.0.1:${port}`),
  );
  assert.throws(() => new HttpService({ port: 70_000 }), RangeError);
});

Deno.test("others are told the advertised host", async () => {
  assert.throws(() => new HttpService({ hostname: "0.0.0.0" }), /give advertisedHostname/);
  await using http = new HttpService({ port: 0, hostname: "0.0.0.0", advertisedHostname: "::1" });
  assert.throws(() => http.url, /does not listen yet/);
  http.start();
  assert.match(http.url, /^http:\/\/\[::1\]:\d+$/);
});

Deno.test("closing waits for a running request", async () => {
  const http = new HttpService({ port: 0 });
  http.start();
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<Response>();
  http.register("/held", () => {
    reached.resolve();
    return held.promise;
  });
  const request = fetch(`${http.url}/held`).then((response) => response.text());
  await reached.promise;
  const closing = http.close();
  held.resolve(new Response("in time"));
  assert.equal(await request, "in time");
  await closing;
  assert.throws(() => http.start(), /it is closed/);
});

Deno.test("closing cuts off a request that never ends", async () => {
  const http = new HttpService({ port: 0 });
  http.start();
  const reached = Promise.withResolvers<void>();
  http.register("/never", () => {
    reached.resolve();
    return new Promise<Response>(() => {});
  });
  const request = assert.rejects(fetch(`${http.url}/never`));
  await reached.promise;
  await http.close();
  await request;
});

Deno.test("closing lets out the answers that are being made, all of them", async () => {
  await using http = new HttpService({ port: 0 });
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let running = 0;
  http.register("/a", async () => {
    if (++running === 20) begun.resolve();
    await go.promise;
    return new Response("x".repeat(100_000));
  });
  http.start();
  const answers = Array.from(
    { length: 20 },
    async () => await (await fetch(`${http.url}/a`)).text(),
  );
  await begun.promise;
  const closed = http.close();
  go.resolve();
  for (const answer of await Promise.all(answers)) assert.equal(answer.length, 100_000);
  await closed;
});

import assert from "node:assert/strict";
import { HttpService, memory, remoteServices } from "../../../mod.ts";

const INVALID: readonly unknown[] = Array.of<unknown>(5, null, {}, undefined).concat(
  "|x|x/y|/a b|/a\tb|/a?b|/a#b|/ä|/a\\b|/a/../b|/.|/%2e|http://h/x|//h:x y".split("|"),
);

Deno.test("HttpService refuses a path that no URL has as it stands", async () => {
  await using http = new HttpService({ port: 0 });
  for (const path of INVALID) {
    assert.throws(() => Reflect.apply(http.register, http, [path, () => new Response()]), {
      name: "TypeError",
      message: /^Cannot serve the path .*: give one as it stands in URLs, such as \/xml-rpc$/,
    }, String(path));
  }
  for (const port of ["8181", -1, 65_536, 1.5, NaN, null]) {
    assert.throws(() => new HttpService({ port: port as number }), {
      name: "RangeError",
      message: `Cannot listen on port ${JSON.stringify(port)?.replace("null", String(port))}: ` +
        "give a number from 0 to 65535",
    });
  }
});

Deno.test("A service is called under each path that is accepted", async () => {
  const discovery = [memory()];
  await using client = await remoteServices({ discovery });
  for (const path of ["/", "//", "/x/", "/a//b", "/%C3%A4", "/a:b@c;d=e,f", "/~a.b-c_d!$&'()*+"]) {
    await using server = await remoteServices({ discovery, http: { port: 0, path }, drainMs: 0 });
    await server.register("com.example.Path", { get: () => path });
    const filter = `(endpoint.id=${server.admin.exports[0]?.endpoint.id})`;
    const proxy = await client.service<{ get(): string }>("com.example.Path", { filter });
    assert.equal(await proxy.get(), path);
  }
});

import assert from "node:assert/strict";
import { createServer } from "node:https";
import { HttpClient, parseHttpTarget } from "../../../src/http/mod.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { readRequest, serveTcp, writeText } from "../../support/tcp_server.ts";

/** A certificate that no one can read; a server sends it after its own. */
const NONSENSE = "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A server that answers with the name in the client's certificate. */
async function serveTls(certificates: { ca: string; serverCert: string; serverKey: string }) {
  const { ca, serverCert: cert, serverKey: key } = certificates;
  const server = createServer({ ca, cert, key, requestCert: true }, (_request, response) => {
    response.end("ok");
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    port: address.port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

Deno.test("HttpClient trusts the given authority, shows its certificate and checks the name", async () => {
  await using certificates = await makeCertificates();
  await using server = await serveTls(certificates);
  const { ca, clientCert: cert, clientKey: key } = certificates;
  await using client = new HttpClient({ tls: { ca, cert, key } });
  for (const host of ["127.0.0.1", "localhost"]) {
    const target = parseHttpTarget(`https://${host}:${server.port}/`);
    const { body } = await client.request({ target });
    assert.equal(new TextDecoder().decode(body), "ok");
  }
  const named = parseHttpTarget(`https://127.0.0.2:${server.port}/`);
  await assert.rejects(client.request({ target: named }), { code: "unreachable", wasSent: false });
  await using stranger = new HttpClient();
  const target = parseHttpTarget(`https://127.0.0.1:${server.port}/`);
  await assert.rejects(stranger.request({ target }), { code: "unreachable", wasSent: false });
});

Deno.test("HttpClient survives nonsense in the certificate chain of a server", async () => {
  await using certificates = await makeCertificates();
  const { ca, serverCert, clientCert: cert, clientKey: key } = certificates;
  await using server = await serveTls({ ...certificates, serverCert: serverCert + NONSENSE });
  await using client = new HttpClient({ tls: { ca, cert, key } });
  const target = parseHttpTarget(`https://127.0.0.1:${server.port}/`);
  assert.equal((await client.request({ target })).status, 200, "its own certificate is good");
  const named = parseHttpTarget(`https://127.0.0.2:${server.port}/`);
  await assert.rejects(client.request({ target: named }), { code: "unreachable", wasSent: false });
});

Deno.test("HttpClient sends requests through the given proxy and ignores the environment's", async () => {
  const requests: string[] = [];
  await using certificates = await makeCertificates();
  await using origin = await serveTls(certificates);
  await using proxy = serveTcp(async (connection) => {
    const request = await readRequest(connection) ?? "";
    requests.push(request);
    if (!request.startsWith("CONNECT")) return await writeText(connection, OK);
    using upstream = await Deno.connect({ hostname: "127.0.0.1", port: origin.port });
    await writeText(connection, "HTTP/1.1 200 Connection established\r\n\r\n");
    await Promise.allSettled([
      upstream.readable.pipeTo(connection.writable),
      connection.readable.pipeTo(upstream.writable),
    ]);
  });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  await using client = new HttpClient({
    proxy: `http://user:secret@127.0.0.1:${proxy.port}`,
    tls: { ca, cert, key },
  });
  const plain = parseHttpTarget("http://service.example/a?b");
  assert.equal((await client.request({ target: plain })).status, 200);
  assert.match(requests[0] ?? "", /^GET http:\/\/service\.example\/a\?b HTTP\/1\.1\r\n/);
  assert.match(requests[0] ?? "", /proxy-authorization: Basic dXNlcjpzZWNyZXQ=\r\n/);
  const secure = parseHttpTarget("https://localhost:4433/");
  const { body } = await client.request({ target: secure });
  assert.equal(new TextDecoder().decode(body), "ok");
  assert.match(requests[1] ?? "", /^CONNECT localhost:4433 HTTP\/1\.1\r\n/);
  assert.throws(() => new HttpClient({ proxy: "https://proxy" }), TypeError);
});

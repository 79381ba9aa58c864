import assert from "node:assert/strict";
import { HttpClient, HttpService } from "../../src/http/mod.ts";
import { createXmlRpcHandler, XmlRpcClient, XmlRpcHttpError } from "../../src/xmlrpc/mod.ts";
import { LineProcess } from "../../scripts/line_process.ts";
import { makeCertificates } from "../support/certificates.ts";

const hasNginx = await new Deno.Command("nginx", { args: ["-v"], stderr: "null" }).output()
  .then(({ success }) => success, () => false);

/** Returns the configuration of the document, with the places of this test. */
async function readConfiguration(places: ReadonlyMap<string, string>): Promise<string> {
  const page = await Deno.readTextFile(new URL("../../docs/http-server.md", import.meta.url));
  let found = /```text\n(upstream exporter .*?)```/s.exec(page)?.[1] ?? "";
  for (const [documented, here] of places) {
    assert.ok(found.includes(documented), `docs/http-server.md has no ${documented}`);
    found = found.replaceAll(documented, here);
  }
  return found;
}

/** Returns a port that is free now. */
function findFreePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Starts nginx in a folder with a configuration. */
async function startNginx(folder: string, http: string): Promise<LineProcess> {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  const lines = [
    `daemon off; user root; pid ${folder}/nginx.pid; error_log stderr notice; events {}`,
    `http { access_log off; ${temporary.join(" ")}`,
    `${http} }`,
  ];
  await Deno.writeTextFile(`${folder}/nginx.conf`, lines.join("\n"));
  const args = ["-p", folder, "-e", "stderr", "-c", `${folder}/nginx.conf`];
  const nginx = new LineProcess("nginx", "nginx", args);
  await nginx.line("start worker process");
  return nginx;
}

Deno.test({
  name: "The documented nginx passes 200 calls on once each, and a 502 when the exporter is gone" +
    (hasNginx ? "" : " (nginx is missing)"),
  ignore: !hasNginx,
}, async () => {
  await using certificates = await makeCertificates();
  const { folder, ca, serverCert, serverKey } = certificates;
  await Deno.writeTextFile(`${folder}/proxy.crt`, serverCert);
  await Deno.writeTextFile(`${folder}/proxy.key`, serverKey);
  await using http = new HttpService({ port: 0 });
  await http.start();
  let executions = 0;
  http.register("/xml-rpc", createXmlRpcHandler({ echo: (text) => (executions++, text) }));
  const port = findFreePort();
  const places = new Map([
    ["127.0.0.1:8181", new URL(http.url).host],
    ["listen 443 ssl", `listen 127.0.0.1:${port} ssl`],
    ["/etc/ssl/service.crt", `${folder}/proxy.crt`],
    ["/etc/ssl/service.key", `${folder}/proxy.key`],
  ]);
  const nginx = await startNginx(folder, await readConfiguration(places));
  try {
    await using transport = new HttpClient({ tls: { ca } });
    const client = new XmlRpcClient(`https://localhost:${port}/xml-rpc`, { http: transport });
    const long = "x".repeat(100_000); // compressed on its way back
    for (let round = 0; round < 10; round++) {
      const texts = Array.from({ length: 20 }, (_, index) => index === 0 ? long : String(index));
      assert.deepEqual(await Promise.all(texts.map((text) => client.call("echo", [text]))), texts);
    }
    assert.equal(executions, 200);
    await http.close();
    await assert.rejects(client.call("echo", ["late"]), (error) => {
      assert.ok(error instanceof XmlRpcHttpError, String(error));
      return error.status === 502;
    });
  } finally {
    nginx.kill("SIGTERM");
    await nginx.exit();
  }
});

import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../../mod.ts";
import { makeCertificates, makeExpiredCertificate } from "../../support/certificates.ts";
import { createClient, testEtcd } from "../../support/etcd.ts";
import { enableAuth, ROOT, USER } from "../../support/etcd_users.ts";
import { EtcdClient } from "../../../src/etcd/mod.ts";
import { advertise, runCli } from "../support.ts";

Deno.test("The options of the connection reach an etcd with TLS and authentication", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { ca, clientCert: cert, clientKey: key } = certificates;
  await using client = new EtcdClient({ endpoints: etcd.endpoint, tls: { ca, cert, key } });
  await client.kv.put(`${DEFAULT_TOP_KEY}/not-a-session`, "x");
  const files = `${certificates.folder}/`;
  await Deno.writeTextFile(`${files}password`, "secret\n");
  const tls = ["--cacert", `${files}ca.crt`, "--cert", `${files}client.crt`];
  const whole = [...tls, "--key", `${files}client.key`];
  const list = (args: readonly string[], env: Record<string, string> = {}) =>
    runCli(["endpoints", ...args], { env });

  for (const scheme of ["", "https://"]) {
    const found = await list(["--etcd", scheme + etcd.endpoint, ...whole]);
    assert.deepEqual(found, { code: 0, out: "", err: "No endpoints\n" });
  }
  const env = {
    ETCDCTL_ENDPOINTS: `https://${etcd.endpoint}`,
    ETCDCTL_CACERT: `${files}ca.crt`,
    ETCDCTL_CERT: `${files}client.crt`,
    ETCDCTL_KEY: `${files}client.key`,
  };
  assert.equal((await list([], env)).code, 0);
  const badEnv = { ...env, ETCDCTL_ENDPOINTS: "127.0.0.1:1", ETCDCTL_CACERT: "/nowhere" };
  const wins = await list(["--etcd", etcd.endpoint, "--cacert", `${files}ca.crt`], badEnv);
  assert.equal(wins.code, 0, "options win over variables");

  const noKey = await list(["--etcd", etcd.endpoint, ...tls]);
  assert.equal(noKey.code, 2);
  assert.match(noKey.err, /give both cert and key/);
  const noAuthority = await list([], { ...env, ETCDCTL_CACERT: "" });
  assert.equal(noAuthority.code, 1);
  assert.match(noAuthority.err, /certificate/i);
  for (const name of ["--insecure", "--insecure-skip-tls-verify"]) {
    assert.equal((await list([name], { ...env, ETCDCTL_CACERT: "" })).code, 0, name);
  }
  const bare = { ...env, ETCDCTL_ENDPOINTS: etcd.endpoint, ETCDCTL_CACERT: "" };
  assert.equal((await list(["--insecure"], bare)).code, 0);
  const variable = { ...env, ETCDCTL_CACERT: "", ETCDCTL_INSECURE_SKIP_TLS_VERIFY: "true" };
  assert.equal((await list([], variable)).code, 0);
});

Deno.test("The options of the user authenticate, and a wrong password is named", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await enableAuth(etcd, "read");
  await client.close();
  const folder = await Deno.makeTempDir({ prefix: "etcd3-cli-" });
  await Deno.writeTextFile(`${folder}/password`, `${USER.password}\n`);
  const list = (args: readonly string[], env: Record<string, string> = {}) =>
    runCli(["endpoints", "--etcd", etcd.endpoint, ...args], { env });
  const { username, password } = USER;
  const file = ["--password-file", `${folder}/password`];
  const good = [
    await list(["--user", `${username}:${password}`]),
    await list(["--user", username, ...file]),
    await list([], { ETCDCTL_USER: `${username}:${password}` }),
    await list([], { ETCDCTL_USER: username, ETCDCTL_PASSWORD: password }),
    await list(file, { ETCDCTL_USER: `${username}:old` }),
  ];
  assert.deepEqual(good.map(({ code }) => code), [0, 0, 0, 0, 0]);
  const wrong = await list(["--user", `${username}:nonsense`]);
  assert.deepEqual([wrong.code, wrong.out], [1, ""]);
  assert.match(wrong.err, /authentication failed/);
  assert.doesNotMatch(wrong.err, /nonsense/);
  const anonymous = await list([]);
  assert.equal(anonymous.code, 1);
  assert.match(anonymous.err, /user name is empty\ncure: give --user and --password-file\n$/);
  await using root = new EtcdClient({ endpoints: etcd.endpoint, auth: ROOT });
  await root.kv.range("a");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("--etcd takes members by comma and repeatedly, and the first that answers serves", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, {});
  const { code, out } = await runCli([
    "endpoints",
    "--json",
    "--etcd",
    "127.0.0.1:1,127.0.0.1:2",
    `--etcd=${etcd.endpoint}`,
  ]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).length, 1);
});

Deno.test("An expired certificate is named, and doctor says when it expired", async () => {
  await using certificates = await makeExpiredCertificate();
  const flags = certificates.serverFlags.filter((flag) => flag !== "--client-cert-auth");
  await using etcd = await testEtcd({ scheme: "https", flags });
  const where = ["--etcd", `https://${etcd.endpoint}`, "--cacert", certificates.caFile];
  const listed = await runCli(["endpoints", ...where]);
  assert.equal(listed.code, 1);
  assert.match(listed.err, /expired/i);
  const { code, out } = await runCli(["doctor", ...where]);
  assert.equal(code, 1);
  assert.match(
    out,
    /^error {4}tls {8}The certificate of 127\.0\.0\.1:\d+ expired on \d{4}-\d\d-\d\d$/m,
  );
  assert.match(out, /^ +cure: renew the certificate$/m);
});

Deno.test("Variables of etcdctl are read as etcdctl reads them", async () => {
  await using certificates = await makeCertificates();
  const flags = certificates.serverFlags.filter((flag) => /^--(?:cert|key)-file/.test(flag));
  await using secure = await testEtcd({ scheme: "https", flags });
  await using plain = await testEtcd();
  const list = (env: Record<string, string>) => runCli(["endpoints"], { env });
  const ETCDCTL_ENDPOINTS = secure.endpoint;
  for (const flag of ["1", "t", "TRUE"]) {
    const found = await list({
      ETCDCTL_ENDPOINTS,
      ETCDCTL_INSECURE_TRANSPORT: "false",
      ETCDCTL_INSECURE_SKIP_TLS_VERIFY: flag,
    });
    assert.deepEqual(found, { code: 0, out: "", err: "No endpoints\n" }, flag);
  }
  const http = { ETCDCTL_ENDPOINTS: `http://${plain.endpoint}` };
  assert.equal((await list({ ...http, ETCDCTL_CACERT: certificates.caFile })).code, 0);
  assert.deepEqual(await list({ ...http, ETCDCTL_INSECURE_SKIP_TLS_VERIFY: "yes" }), {
    code: 2,
    out: "",
    err: "error: Cannot use ETCDCTL_INSECURE_SKIP_TLS_VERIFY yes: give true or false\n",
  });
  assert.deepEqual(await list({ ETCDCTL_DISCOVERY_SRV: "example.com" }), {
    code: 2,
    out: "",
    err: "error: Cannot use ETCDCTL_DISCOVERY_SRV: members are not looked up in DNS; give --etcd\n",
  });
});

Deno.test("A file that is no certificate, and a key of another one, are named before TLS fails", async () => {
  await using certificates = await makeCertificates();
  const { folder } = certificates;
  const [cert, key, other] = ["client.crt", "client.key", "server.key"].map((n) =>
    `${folder}/${n}`
  );
  const run = async (...args: string[]) => {
    const { code, err } = await runCli(["endpoints", "--etcd", "https://127.0.0.1:1", ...args]);
    assert.equal(code, 2, err);
    return err;
  };
  for (const option of ["--cacert", "--call-cacert"]) {
    assert.equal(
      await run(option, `${key}`),
      `error: Cannot use the file of ${option}: it has no certificate; give a file in the PEM format\n`,
    );
  }
  assert.match(await run("--cert", `${key}`, "--key", `${cert}`), /file of --cert: it has no cert/);
  assert.match(
    await run("--cert", `${cert}`, "--key", `${cert}`),
    /file of --key: .*a private key/,
  );
  assert.match(
    await run("--cert", `${cert}`, "--key", `${other}`),
    /file of --key: the key does not belong to the certificate of --cert; give its own\n$/,
  );
});

Deno.test("A connection that fails for TLS has the cure for its reason", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  await using plain = await testEtcd();
  const { caFile, serverCert: cert, serverKey: key } = certificates;
  using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const closing = `127.0.0.1:${listener.addr.port}`;
  const closed = (async () => {
    using connection = await listener.accept();
    await connection.handshake();
  })();
  closed.catch(() => {}); // an assertion failed before
  const cases: readonly (readonly [args: readonly string[], cure: RegExp])[] = [
    [["--etcd", etcd.endpoint], /^give https:\/\/ if the member serves TLS/],
    [["--etcd", `https://${plain.endpoint}`], /^give https:.* and http:\/\/ if it does not$/],
    [["--etcd", `https://${etcd.endpoint}`], /^give the authority of .* as --cacert$/],
    [["--etcd", `https://${etcd.endpoint}`, "--cacert", caFile], /^give --cert and --key that/],
    // With TLS 1.3 the alert of a member comes after the handshake, and may be lost.
    [["--etcd", `https://${closing}`, "--cacert", caFile], /^give --cert and --key that/],
  ];
  for (const [args, cure] of cases) {
    const { code, err } = await runCli(["endpoints", "--json", ...args]);
    assert.equal(code, 1, err);
    assert.match(JSON.parse(err).cure, cure, err);
  }
  await closed;
});

import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import type { Finding } from "../../src/cli/doctor/mod.ts";
import { ETCD_FAULTS, findFault, SOUND_RELEASES } from "../../src/cli/doctor/etcd_releases.ts";
import { Cluster } from "../support/cluster.ts";
import { makeCertificates } from "../support/certificates.ts";
import { createClient, etcdctl, testEtcd } from "../support/etcd.ts";
import { enableAuth, ROOT, USER } from "../support/etcd_users.ts";
import { readProjectFile } from "../docs/markdown.ts";
import { advertise, exportAdder, runCli } from "./support.ts";

/** Runs doctor and returns its findings. */
async function examine(...args: readonly string[]) {
  const { code, out, err } = await runCli(["doctor", "--json", ...args]);
  assert.equal(err, "");
  const findings: readonly Finding[] = JSON.parse(out).findings;
  for (const { level, cure } of findings) assert.equal(cure === undefined, level === "ok");
  const find = (level: Finding["level"], check: string) =>
    findings.filter((one) => one.level === level && one.check === check)
      .map(({ message }) => message);
  return { code, findings, find };
}

Deno.test("findFault knows the releases that lose watch events, and those that do not", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["3.3.27", "3.5.33"],
    ["3.4.23", "3.5.33"],
    ["3.4.45", "3.5.33"],
    ["3.5.0", "3.5.33"],
    ["3.5.12", "3.5.33"],
    ["3.5.32", "3.5.33"],
    ["3.5.33", undefined],
    ["3.6.0-rc.3", "3.6.14"],
    ["3.6.13", "3.6.14"],
    ["3.6.14", undefined],
    ["3.7.0", "3.7.1"],
    ["3.7.1", undefined],
    ["4.0.0", undefined],
  ];
  for (const [version, repairedIn] of cases) {
    assert.equal(findFault(version)?.repairedIn, repairedIn, version);
  }
  assert.equal(findFault("3.5.2")?.fault, "may damage its data");
  assert.equal(findFault("3.5.12")?.fault, "loses watch events after a compaction");
  assert.match(findFault("3.5.17")?.fault ?? "", /^loses the event of a deletion/);
  assert.match(findFault("3.5.22")?.fault ?? "", /lease that was revoked$/);
  assert.match(findFault("3.6.8")?.fault ?? "", /^checks no rights when a lease/);
  assert.equal(findFault("3.4.45")?.fault, "is no longer maintained");
  assert.equal(findFault("3.3.27")?.fault, "is too old for this library");
});

Deno.test("docs/deployment.md asks for the releases of etcd that doctor accepts, and names the same faults", async () => {
  const text = await readProjectFile("docs/deployment.md");
  const [, wanted] = /^- Use etcd (.+) or later/m.exec(text) ?? [];
  assert.equal(wanted, SOUND_RELEASES.join(", "));
  const rows = [...text.matchAll(/^ *\| ([\d., ]+?) +\| (.+?) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, releases = "", fault]) => ({ fault, repairedIn: releases.split(", ") })),
    ETCD_FAULTS,
  );
});

Deno.test("doctor finds nothing wrong with a sound registry on one machine", async () => {
  await using etcd = await testEtcd();
  await using _host = await exportAdder(etcd.endpoint);
  const { code, findings, find } = await examine("--etcd", etcd.endpoint);
  assert.equal(code, 0);
  assert.deepEqual(find("ok", "addresses"), ["1 of 1 endpoints answer"]);
  assert.match(find("ok", "registry")[0] ?? "", /^1 endpoint of 1 session at revision \d+$/);
  assert.equal(find("ok", "rights").length, 2);
  assert.match(find("ok", "members")[0] ?? "", /^etcd 3\.\S+ at \S+ answers in [\d.]+ ms, leader$/);
  const others = findings.filter(({ level, check }) => level !== "ok" && check !== "release");
  assert.deepEqual(others, []);
});

Deno.test("doctor warns of a loopback address where others are on another machine", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, {}, {
    containerId: "http://192.0.2.1:9/xml-rpc",
  });
  const { find } = await examine("--etcd", etcd.endpoint, "--timeout", "2s");
  assert.deepEqual(find("warning", "addresses"), [
    "Only processes of its own machine can call the loopback address http://127.0.0.1:9/xml-rpc",
  ]);
});

Deno.test("doctor finds what is wrong with keys, sessions, clocks and addresses", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const id = crypto.randomUUID();
  const frameworkUuid = crypto.randomUUID();
  const future = Date.now() + 3_600_000;
  const twice = { id, frameworkUuid };
  await using _old = await advertise(etcd.endpoint, twice, { timestampMs: future });
  await using _new = await advertise(
    etcd.endpoint,
    twice,
    { containerId: "http://0.0.0.0:8181/xml-rpc" },
    { containerId: "http://ada:my secret@192.0.2.1:9/xml-rpc" },
  );
  const session = crypto.randomUUID();
  await client.kv.put(`${DEFAULT_TOP_KEY}/no-session`, "x");
  await client.kv.put(`${DEFAULT_TOP_KEY}/${session}/\x1b[2J`, "{}");
  const { kvs } = await client.kv.range(`${DEFAULT_TOP_KEY}/`, {
    rangeEnd: `${DEFAULT_TOP_KEY}0`,
  });
  const { value } = kvs.find(({ key }) => new TextDecoder().decode(key).endsWith(id)) ?? {};
  assert.ok(value);
  await client.kv.put(`${DEFAULT_TOP_KEY}/${session}/${id}`, value);

  const { code, find, findings } = await examine("--etcd", etcd.endpoint, "--timeout", "2s");
  assert.equal(code, 1);
  const ignored = find("warning", "ignored");
  assert.equal(ignored.length, 2);
  assert.ok(ignored.some((message) => message.includes("/no-session: it is not <top key>/")));
  assert.deepEqual(find("warning", "leases"), [
    `The key ${DEFAULT_TOP_KEY}/${session}/${id} has no lease: it stays when its exporter dies`,
  ]);
  const sessions = find("warning", "sessions");
  assert.ok(sessions.some((one) => one.startsWith(`3 sessions advertise the endpoint ${id}: `)));
  assert.ok(sessions.some((one) => one.includes(`advertise the framework ${frameworkUuid}`)));
  assert.ok(sessions.includes(`The session ${session} has endpoints, but no key of its own`));
  const revoke = findings.find(({ cure }) => cure?.includes("lease revoke"));
  assert.match(revoke?.cure ?? "", /etcdctl lease revoke [0-9a-f]+$/);
  const [clock, ...clocks] = find("warning", "clocks");
  assert.match(
    clock ?? "",
    /^ecf\.endpoint\.ts of the endpoint \S+ at \S+ is 59m \d+s in the future$/,
  );
  assert.equal(clocks.length, 0);
  const errors = find("error", "addresses").join("\n");
  assert.match(errors, /^No process can call the address http:\/\/0\.0\.0\.0:8181\/xml-rpc$/m);
  assert.match(errors, /^The endpoint \S+ does not answer at http:\/\/192\.0\.2\.1:9\/xml-rpc: /m);
  assert.match(errors, /^The endpoint \S+ and \d more do not answer at http:\/\/127\.0\.0\.1:9/m);
  const credentials =
    /^The address http:\/\/192\.0\.2\.1:9\/xml-rpc has a user name or a password/m;
  assert.match(find("warning", "addresses").join("\n"), credentials);

  const table = await runCli(["doctor", "--etcd", etcd.endpoint, "--timeout", "2s"]);
  assert.doesNotMatch(table.out, /[^\x20-\x7e\n]|secret/);
  assert.match(table.out, /\n\d errors, \d+ warnings\n$/);
});

Deno.test("doctor names the missing right and how to grant it, and writes nothing", async () => {
  for (const permission of ["read", "write", "none"] as const) {
    await using etcd = await testEtcd();
    await enableAuth(etcd, permission);
    const user = `${USER.username}:${USER.password}`;
    const { code, findings } = await examine("--etcd", etcd.endpoint, "--user", user);
    const denied = findings.filter(({ check, level }) => check === "rights" && level !== "ok");
    const range = `"${DEFAULT_TOP_KEY}/" "${DEFAULT_TOP_KEY}0"`;
    const expected = [
      ...permission === "read" ? [] : [`etcdctl role grant-permission ROLE read ${range}`],
      ...permission === "write" ? [] : [`etcdctl role grant-permission ROLE readwrite ${range}`],
    ];
    assert.deepEqual(denied.map(({ cure }) => cure), expected);
    assert.equal(code, permission === "read" ? 0 : 1);
    await using root = new EtcdClient({ endpoints: etcd.endpoint, auth: ROOT });
    const { header, count } = await root.kv.range("\0", { rangeEnd: Uint8Array.of(0) });
    assert.deepEqual([header.revision, count], [1n, 0n]);
  }
});

Deno.test("doctor names a wrong password, and a user that is missing or not needed", async () => {
  await using etcd = await testEtcd();
  const where = ["--etcd", etcd.endpoint];
  const unneeded = await examine(...where, "--user", "ada:secret");
  assert.equal(unneeded.code, 0, "authentication is off");
  await enableAuth(etcd, "readwrite");
  const wrong = await examine(...where, "--user", "service:nonsense");
  assert.equal(wrong.code, 1);
  const [finding] = wrong.findings;
  assert.match(finding?.message ?? "", /authentication failed/);
  assert.equal(finding?.cure, "give the right --user and --password-file");
  const missing = await examine(...where);
  assert.equal(missing.code, 1);
  assert.ok(missing.findings.some(({ cure }) => cure === "give --user and --password-file"));
});

Deno.test("doctor asks every member of a cluster, also those that were not given", async () => {
  await using cluster = await Cluster.start(3);
  const [first = "", ...others] = cluster.endpoints;
  const sound = await examine("--etcd", first);
  assert.equal(sound.code, 0);
  assert.deepEqual(sound.find("ok", "cluster").length, 1);
  assert.match(sound.find("ok", "cluster")[0] ?? "", /^3 members: m\d, m\d, m\d$/);
  assert.equal(sound.find("ok", "members").length, 3);
  assert.equal(sound.find("ok", "members").filter((one) => one.endsWith("leader")).length, 1);

  const [second = "", third = ""] = others;
  await cluster.member(second).kill();
  const degraded = await examine("--etcd", first);
  assert.equal(degraded.code, 1);
  const missing = degraded.find("error", "cluster").join("\n");
  assert.match(missing, new RegExp(`^The member m\\d is out of reach: .*${second}`));
  await cluster.member(third).kill();
  const alone = await examine("--etcd", first, "--timeout", "2s");
  assert.equal(alone.code, 1);
  assert.ok(alone.findings.some(({ level }) => level === "error"));
});

Deno.test("doctor finds a lost quorum although no member can check the password", async () => {
  await using cluster = await Cluster.start(3);
  const [first = "", ...others] = cluster.endpoints;
  await enableAuth(cluster.member(first), "readwrite");
  for (const one of others) await cluster.member(one).kill();
  await using client = new EtcdClient({ endpoints: first });
  const findLeader = async () => (await client.maintenance.status()).leader !== 0n;
  while (await findLeader().catch(() => false)); // until it misses the leader
  const user = `${USER.username}:${USER.password}`;
  const args = ["--etcd", first, "--user", user, "--timeout", "1s"];
  const { code, find, findings } = await examine(...args);
  assert.equal(code, 1);
  const [error = "", ...more] = find("error", "members");
  assert.match(error, /^etcd at \S+ failed Status: etcdserver: no leader$/);
  assert.match(findings[0]?.cure ?? "", /^start the missing members/);
  assert.deepEqual(more, []);
});

Deno.test("doctor reports members of different clusters", async () => {
  await using one = await testEtcd();
  await using other = await testEtcd({ flags: ["--initial-cluster-token=other"] });
  const { code, find } = await examine("--etcd", `${one.endpoint},${other.endpoint}`);
  assert.equal(code, 1);
  assert.match(find("error", "cluster").join("\n"), /belong to 2 clusters$/m);
});

Deno.test("doctor reports certificates: valid, soon to end, unknown, and not verified", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd({ scheme: "https", flags: certificates.serverFlags });
  const { folder } = certificates;
  const own = ["--cert", `${folder}/client.crt`, "--key", `${folder}/client.key`];
  const where = ["--etcd", `https://${etcd.endpoint}`, ...own];
  const known = await examine(...where, "--cacert", `${folder}/ca.crt`);
  assert.equal(known.code, 0);
  const soon = known.find("warning", "tls");
  assert.deepEqual(soon.map((one) => one.replace(/ until .*/, "")), [
    `The certificate of ${etcd.endpoint} is valid`,
    "The certificate of --cacert is valid",
    "The certificate of --cert is valid",
  ]);
  const unknown = await examine(...where);
  assert.equal(unknown.code, 1);
  assert.match(unknown.find("error", "tls").join(), /is not accepted: /);
  const insecure = await examine(...where, "--insecure");
  assert.ok(insecure.find("warning", "tls").includes("No certificate is verified"));
  const plain = await examine("--etcd", `http://${etcd.endpoint}`);
  assert.equal(plain.code, 1, "TLS without its options");
});

Deno.test("doctor reports alarms of etcd", async () => {
  await using etcd = await testEtcd({ flags: ["--quota-backend-bytes=100000"] });
  await using client = createClient(etcd);
  const fill = async () => {
    for (let index = 0; index < 100; index++) await client.kv.put(`a${index}`, "x".repeat(10_000));
  };
  await assert.rejects(fill(), { code: "no-space" });
  const { code, find } = await examine("--etcd", etcd.endpoint);
  assert.equal(code, 1);
  assert.match(find("error", "alarms").join(), /^The member [0-9a-f]+ has the alarm NOSPACE$/);
  assert.deepEqual(find("error", "members"), [], "an alarm is one finding");
  await etcdctl(`--endpoints=${etcd.endpoint}`, "alarm", "disarm");
});

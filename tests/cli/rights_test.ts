import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { etcdctl, testEtcd } from "../support/etcd.ts";
import { enableAuth, ROOT, USER } from "../support/etcd_users.ts";
import { runCli } from "./support.ts";

const AS_USER = ["--user", `${USER.username}:${USER.password}`];
const MISSING = `This client may not read the keys from ${DEFAULT_TOP_KEY}/ to ${DEFAULT_TOP_KEY}0`;
const GRANT =
  `cure: etcdctl role grant-permission ROLE read "${DEFAULT_TOP_KEY}/" "${DEFAULT_TOP_KEY}0"`;

/** Runs a command that waits for etcd; returns its notes up to one that begins like `last`. */
async function readNotes(
  args: readonly string[],
  last: string,
  onNote: (note: string) => void = () => {},
): Promise<readonly string[]> {
  const stop = new AbortController();
  const notes: string[] = [];
  const { signal } = stop;
  const { err } = await runCli(args, {
    signal,
    onNote: (text) => {
      const note = text.trimEnd();
      notes.push(note);
      onNote(note);
      if (note.startsWith(last)) stop.abort();
    },
  });
  assert.ok(signal.aborted, err); // else it has ended by itself
  return notes;
}

const WAITING: readonly (readonly string[])[] = [
  ["watch"],
  ["watch", "--json"],
  ["page", "--port", "0"],
  ["targets", "--listen", "0"],
  ["mcp", "--filter", "(objectClass=*)"],
];

for (const command of WAITING) {
  Deno.test(`${command.join(" ")} names the missing right, and the command that grants it`, async () => {
    await using etcd = await testEtcd();
    await enableAuth(etcd, "none");
    const notes = await readNotes([...command, "--etcd", etcd.endpoint, ...AS_USER], "cure:");
    const denial = notes.findIndex((note) => note.startsWith("etcd denies the list of endpoints"));
    assert.deepEqual(notes.slice(denial + 1, denial + 3), [MISSING, GRANT]);
  });
}

Deno.test("watch without rights goes on once they are granted", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "none");
  const root = [`--endpoints=${etcd.endpoint}`, `--user=${ROOT.username}:${ROOT.password}`];
  const right = ["read", "a.b/", "a.b0"];
  let granted = Promise.resolve();
  const args = ["watch", "--etcd", etcd.endpoint, ...AS_USER, "--top-key", "a.b"];
  const notes = await readNotes(args, "Synced with etcd", (note) => {
    if (note !== 'cure: etcdctl role grant-permission ROLE read "a.b/" "a.b0"') return;
    granted = etcdctl(...root, "role", "grant-permission", "discovery", ...right);
  });
  await granted;
  assert.equal(notes.at(-1)?.split(",")[0], `Synced with etcd at ${etcd.endpoint}`);
});

Deno.test("a command that waits for etcd names a missing user and a wrong password", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "readwrite");
  const where = ["--etcd", etcd.endpoint];
  const anonymous = await readNotes(["watch", ...where], "cure:");
  assert.match(
    anonymous[0] ?? "",
    /^etcd denies access: etcd at .* failed Range: etcdserver: user name is empty$/,
  );
  assert.equal(anonymous[1], "cure: give --user and --password-file");
  const args = ["page", "--port", "0", "--user", `${USER.username}:nonsense`, ...where];
  const wrong = await readNotes(args, "cure:");
  assert.match(
    wrong[0] ?? "",
    /^etcd denies access: etcd at .* failed Authenticate: .*authentication failed/,
  );
  assert.equal(wrong[1], "cure: give the right --user and --password-file");
});

Deno.test("a listing without rights ends with the missing right, and the command that grants it", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "none");
  for (const command of ["endpoints", "ping", "targets"]) {
    assert.deepEqual(await runCli([command, "--etcd", etcd.endpoint, ...AS_USER]), {
      code: 1,
      out: "",
      err: `error: ${MISSING}\n${GRANT}\n`,
    });
  }
});

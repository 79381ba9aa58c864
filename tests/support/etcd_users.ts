import { DEFAULT_TOP_KEY } from "../../mod.ts";
import type { EtcdProcess } from "../../scripts/etcd_process.ts";
import { etcdctl } from "./etcd.ts";

/** User with all rights. */
export const ROOT = { username: "root", password: "root-password" };
/** User with a right for the discovery's range only. */
export const USER = { username: "service", password: "secret" };

/** Keys of the discovery, as a range of etcdctl. */
export const RANGE = [`${DEFAULT_TOP_KEY}/`, `${DEFAULT_TOP_KEY}0`];

/** Kind of right of {@link USER}. */
export type Permission = "read" | "write" | "readwrite";

/** Creates {@link ROOT} and {@link USER}; with `none` the latter has no right at all. */
export async function makeUsers(etcd: EtcdProcess, permission: Permission | "none") {
  const run = (...args: string[]) => etcdctl(`--endpoints=${etcd.endpoint}`, ...args);
  await run("user", "add", `${ROOT.username}:${ROOT.password}`);
  await run("user", "add", `${USER.username}:${USER.password}`);
  await run("role", "add", "discovery");
  if (permission !== "none") {
    await run("role", "grant-permission", "discovery", permission, ...RANGE);
  }
  await run("user", "grant-role", USER.username, "discovery");
}

/** Creates the users and enables authentication. */
export async function enableAuth(etcd: EtcdProcess, permission: Permission | "none") {
  await makeUsers(etcd, permission);
  await etcdctl(`--endpoints=${etcd.endpoint}`, "auth", "enable");
}

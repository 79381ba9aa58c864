import { EtcdClient, EtcdError, type Member, type MemberStatus } from "../../etcd/mod.ts";
import { SYSTEM_CLOCK, toMessage } from "../../util/mod.ts";
import { type Connection, findCure, formatLatency, NO_LEADER_CURE } from "../connection/mod.ts";
import { formatCount } from "../output/mod.ts";
import { findFault } from "./etcd_releases.ts";
import { createError, createOk, createWarning, type Finding } from "./finding.ts";

const CHECK = "members";

/** Cure of a full store. */
export const NO_SPACE_CURE =
  "delete what is not needed, run etcdctl compact REVISION and etcdctl " +
  "defrag, or start etcd with a larger --quota-backend-bytes; then run etcdctl alarm disarm";

/** A member that was asked for its status. */
interface AskedMember {
  readonly endpoint: string;
  readonly status: MemberStatus | undefined;
  readonly findings: readonly Finding[];
}

/** Result of {@link checkMembers}. */
export interface MemberReport {
  readonly findings: readonly Finding[];
  /** Whether a member answered, so that the registry can be read. */
  readonly isReached: boolean;
}

/** Checks each given member, and the others that the cluster names. */
export async function checkMembers(
  { etcd }: Connection,
  signal: AbortSignal,
): Promise<MemberReport> {
  const { endpoints } = new EtcdClient(etcd).options;
  const asked = await Promise.all(endpoints.map((one) => askMember(etcd, one, signal)));
  const reached = asked.filter(({ status }) => status !== undefined);
  const others = reached.length === 0 ? [] : await checkOthers(etcd, reached, signal);
  return {
    findings: [
      ...asked.flatMap(({ findings }) => findings),
      ...others,
      ...checkClusterIds(reached),
    ],
    isReached: reached.length > 0,
  };
}

async function askMember(
  etcd: Connection["etcd"],
  endpoint: string,
  signal: AbortSignal,
): Promise<AskedMember> {
  const single = { ...etcd, endpoints: (etcd.tls === undefined ? "" : "https://") + endpoint };
  try {
    return await askStatus(single, endpoint, signal);
  } catch (error) {
    signal.throwIfAborted();
    const alone = await findLoneMember(single, endpoint, signal);
    return { endpoint, status: undefined, findings: alone ?? [describeFailure(endpoint, error)] };
  }
}

async function askStatus(
  etcd: Connection["etcd"],
  endpoint: string,
  signal: AbortSignal,
): Promise<AskedMember> {
  await using client = new EtcdClient(etcd);
  await client.connect({ signal });
  const startedMs = SYSTEM_CLOCK.now();
  const status = await client.maintenance.status({ signal });
  const latencyMs = SYSTEM_CLOCK.now() - startedMs;
  return { endpoint, status, findings: checkStatus(endpoint, status, latencyMs) };
}

/**
 * Returns the finding of a member that has lost its quorum: it cannot check a password, but
 * answers without one. `undefined` if this is not the reason of a failure.
 */
async function findLoneMember(
  { auth, ...etcd }: Connection["etcd"],
  endpoint: string,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  if (auth === undefined) return undefined;
  try {
    const { status, findings } = await askStatus(etcd, endpoint, signal);
    return status?.leader === 0n ? findings : undefined;
  } catch (error) {
    signal.throwIfAborted();
    const isAlone = error instanceof EtcdError && error.code === "no-leader";
    return isAlone ? [describeFailure(endpoint, error)] : undefined;
  }
}

function checkStatus(endpoint: string, status: MemberStatus, latencyMs: number): Finding[] {
  const { version, leader, isLearner, header, errors } = status;
  const role = leader === header.memberId ? "leader" : isLearner ? "learner" : "follower";
  const about = `etcd ${version} at ${endpoint}`;
  const findings = [createOk(CHECK, `${about} answers in ${formatLatency(latencyMs)}, ${role}`)];
  const old = findFault(version);
  if (old !== undefined) {
    const cure = `update etcd to ${old.repairedIn} or later`;
    findings.push(createWarning("release", `${about} ${old.fault}`, cure));
  }
  if (leader === 0n) {
    const message = `${about} knows no leader: there is no quorum`;
    findings.push(createError(CHECK, message, NO_LEADER_CURE));
  }
  if (isLearner) {
    const cure = "promote it, or leave it out of --etcd";
    findings.push(createWarning(CHECK, `${about} is a learner, which serves no watch`, cure));
  }
  // Alarms are in its errors too, but are asked for separately.
  for (const error of errors.filter((one) => !one.includes("alarm:"))) {
    findings.push(createError(CHECK, `${about} reports: ${error}`, "see the log of that member"));
  }
  return findings;
}

/** Creates the finding of a call that failed. */
export function describeFailure(endpoint: string, error: unknown, check = CHECK): Finding {
  const message = toMessage(error);
  const isNamed = message.includes(endpoint);
  return createError(
    check,
    isNamed ? message : `${endpoint}: ${message}`,
    findCure(error) ??
      "check that etcd runs there, its address, and --cacert, --cert and --key for TLS",
  );
}

/** Checks the members of the cluster that were not given, and the alarms. */
async function checkOthers(
  etcd: Connection["etcd"],
  reached: readonly AskedMember[],
  signal: AbortSignal,
): Promise<Finding[]> {
  await using client = new EtcdClient({ ...etcd });
  const others = await tryCheck("list the members", signal, async () => {
    const members = await client.maintenance.members({ signal });
    const known = new Set(reached.map(({ status }) => status?.header.memberId));
    const missing = members.filter(({ id }) => !known.has(id));
    const asked = await Promise.all(missing.map((one) => checkMissing(etcd, one, signal)));
    const count = formatCount(members.length, "member");
    return [createOk("cluster", `${count}: ${formatNames(members)}`), ...asked.flat()];
  });
  const alarms = await tryCheck("ask for alarms", signal, () => checkAlarms(client, signal));
  return [...others, ...alarms];
}

/** Runs a check; its failure is a finding too, and does not hide those of other checks. */
async function tryCheck(
  what: string,
  signal: AbortSignal,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    signal.throwIfAborted();
    const message = `Cannot ${what}: ${toMessage(error)}`;
    const isDenied = error instanceof EtcdError && error.code === "permission-denied";
    const cure = isDenied ? "use a user with the role root" : findCure(error);
    return [createWarning("cluster", message, cure ?? "run doctor again in a moment")];
  }
}

async function checkMissing(
  etcd: Connection["etcd"],
  member: Member,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const [url] = member.clientUrls;
  if (url === undefined) {
    const message = `The member ${member.name || member.id} was added, but never started`;
    return [createError("cluster", message, "start it, or run etcdctl member remove")];
  }
  const { findings, status } = await askMember(etcd, new URL(url).host, signal);
  if (status !== undefined) return findings;
  return findings.map(({ message, cure = "" }) => {
    return createError("cluster", `The member ${member.name} is out of reach: ${message}`, cure);
  });
}

async function checkAlarms(client: EtcdClient, signal: AbortSignal): Promise<Finding[]> {
  const alarms = await client.maintenance.alarms({ signal });
  return alarms.filter(({ alarm }) => alarm !== "NONE").map(({ alarm, memberId }) =>
    createError(
      "alarms",
      `The member ${memberId.toString(16)} has the alarm ${alarm}`,
      alarm === "NOSPACE"
        ? NO_SPACE_CURE
        : "replace the member: its data differ from those of the others",
    )
  );
}

function checkClusterIds(reached: readonly AskedMember[]): Finding[] {
  const ids = new Set(reached.map(({ status }) => status?.header.clusterId));
  if (ids.size < 2) return [];
  const names = reached.map(({ endpoint }) => endpoint).join(", ");
  const message = `The members ${names} belong to ${ids.size} clusters`;
  return [createError("cluster", message, "give the members of one cluster as --etcd")];
}

function formatNames(members: readonly Member[]): string {
  return members.map(({ name, id }) => name || id.toString(16)).join(", ");
}

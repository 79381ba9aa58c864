import type { RegisteredEndpoint, RegistrySnapshot } from "../../discovery/etcd3/mod.ts";
import { leaseIdToHex } from "../../etcd/mod.ts";
import { hideCredentials, SYSTEM_CLOCK } from "../../util/mod.ts";
import { formatAge, formatCount } from "../output/mod.ts";
import { createOk, createWarning, type Finding } from "./finding.ts";

/** Time by which the clock of another machine may be ahead. */
const CLOCK_SKEW_MS = 60_000;

/** Checks the keys of the registry. */
export function checkRegistry(snapshot: RegistrySnapshot): readonly Finding[] {
  const { endpoints, sessions, ignored, revision } = snapshot;
  const counts = `${formatCount(endpoints.length, "endpoint")} of ` +
    formatCount(sessions.length, "session");
  return [
    createOk("registry", `${counts} at revision ${revision}`),
    ...checkIgnored(snapshot),
    ...checkLeases(snapshot),
    ...checkDuplicates(endpoints),
    ...checkTimes(endpoints),
    ...ignored.length === 0 && endpoints.length === 0 ? [describeEmpty(sessions.length)] : [],
  ];
}

function describeEmpty(sessions: number): Finding {
  const cure = "start an exporter, or give the --top-key that it uses";
  const message = sessions === 0 ? "Nothing is advertised" : "No session advertises an endpoint";
  return createWarning("registry", message, cure);
}

function checkIgnored({ ignored, endpoints }: RegistrySnapshot): Finding[] {
  const keys = ignored.map(({ key, reason }) =>
    createWarning(
      "ignored",
      `Every discovery ignores the key ${key}: ${reason}`,
      `correct the process that writes it, or run etcdctl del "${key}"`,
    )
  );
  const properties = endpoints.flatMap(({ endpoint, ignoredProperties }) =>
    ignoredProperties.map(({ name, reason }) =>
      createWarning(
        "ignored",
        `The property ${name} of the endpoint ${endpoint.id} is ignored: ${reason}`,
        `correct the property in the exporter ${
          hideCredentials(String(endpoint.containerId ?? endpoint.frameworkUuid))
        }`,
      )
    )
  );
  return [...keys, ...properties];
}

function checkLeases({ endpoints, sessions }: RegistrySnapshot): Finding[] {
  const lasting = endpoints.filter(({ leaseId }) => leaseId === 0n).map(({ key }) =>
    createWarning(
      "leases",
      `The key ${key} has no lease: it stays when its exporter dies`,
      `run etcdctl del "${key}" if the exporter is gone`,
    )
  );
  const known = new Set(sessions.map(({ sessionId }) => sessionId));
  const orphans = new Set(
    endpoints.map(({ sessionId }) => sessionId).filter((one) => !known.has(one)),
  );
  return [
    ...lasting,
    ...[...orphans].map((sessionId) =>
      createWarning(
        "sessions",
        `The session ${sessionId} has endpoints, but no key of its own`,
        "restart its exporter if it does not repair this itself",
      )
    ),
  ];
}

/** Finds endpoints, frameworks and addresses that several sessions claim. */
function checkDuplicates(endpoints: readonly RegisteredEndpoint[]): Finding[] {
  const bySession = groupSessions(endpoints);
  const describe = (what: string, claims: Map<string, Set<string>>) =>
    [...claims].filter(([, sessions]) => sessions.size > 1).map(([name, sessions]) => {
      const [oldest = ""] = [...sessions];
      const lease = bySession.get(oldest)?.leaseId ?? 0n;
      return createWarning(
        "sessions",
        `${sessions.size} sessions advertise the ${what} ${name}: ${[...sessions].join(", ")}`,
        "after a restart the old one ends with its lease; if it stays, stop one of the " +
          `processes, or run etcdctl lease revoke ${leaseIdToHex(lease)}`,
      );
    });
  const ids = collectClaims(endpoints, ({ endpoint }) => endpoint.id);
  const frameworks = collectClaims(endpoints, ({ endpoint }) => endpoint.frameworkUuid);
  const addresses = collectClaims(endpoints, ({ endpoint }) => endpoint.containerId);
  const others = [...describe("endpoint", ids), ...describe("framework", frameworks)];
  return others.length > 0 ? others : describe("address", addresses);
}

/** Returns the oldest endpoint of each session. */
function groupSessions(
  endpoints: readonly RegisteredEndpoint[],
): ReadonlyMap<string, RegisteredEndpoint> {
  return new Map([...endpoints].reverse().map((one) => [one.sessionId, one]));
}

/** Returns the sessions that claim each value, those with the oldest endpoints first. */
function collectClaims(
  endpoints: readonly RegisteredEndpoint[],
  getClaim: (registered: RegisteredEndpoint) => string | undefined,
): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  const time = ({ endpoint }: RegisteredEndpoint) => endpoint.timestampMs ?? 0;
  for (const registered of [...endpoints].sort((a, b) => time(a) - time(b))) {
    const claim = getClaim(registered);
    if (claim === undefined) continue;
    const sessions = claims.get(claim) ?? new Set();
    claims.set(claim, sessions.add(registered.sessionId));
  }
  return claims;
}

function checkTimes(endpoints: readonly RegisteredEndpoint[]): Finding[] {
  const nowMs = SYSTEM_CLOCK.epochMs();
  return endpoints.flatMap(({ endpoint: { id, timestampMs = 0, containerId } }) => {
    const aheadMs = timestampMs - nowMs;
    if (aheadMs <= CLOCK_SKEW_MS) return [];
    return [createWarning(
      "clocks",
      `ecf.endpoint.ts of the endpoint ${id} at ${hideCredentials(String(containerId))} is ${
        formatAge(aheadMs)
      } in the ` +
        "future",
      "synchronize the clocks of that machine and of this one, for example by NTP",
    )];
  });
}

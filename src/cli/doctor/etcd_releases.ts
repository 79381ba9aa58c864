/** A fault of releases of etcd that concerns this library. */
export interface EtcdFault {
  /** What such a release does. */
  readonly fault: string;
  /** First release without it, of each series that has it. */
  readonly repairedIn: readonly string[];
}

/** Known faults, by the change logs of etcd, the worst first. docs/deployment.md has them too. */
export const ETCD_FAULTS: readonly EtcdFault[] = [
  { fault: "may damage its data", repairedIn: ["3.5.3"] },
  { fault: "loses watch events after a compaction", repairedIn: ["3.4.31", "3.5.13"] },
  {
    fault: "loses the event of a deletion at the revision of a compaction",
    repairedIn: ["3.4.36", "3.5.18"],
  },
  {
    fault: "sends events that are too old to a watch of a future revision",
    repairedIn: ["3.4.38", "3.5.22", "3.6.2"],
  },
  {
    fault: "may confirm the renewal of a lease that was revoked",
    repairedIn: ["3.4.38", "3.5.23", "3.6.5"],
  },
  {
    fault: "checks no rights when a lease is renewed",
    repairedIn: ["3.4.42", "3.5.28", "3.6.9"],
  },
  {
    fault: "lets a user watch keys without the right to read them",
    repairedIn: ["3.5.33", "3.6.14", "3.7.1"],
  },
];

/** First release of each maintained series without a known fault, the oldest series first. */
export const SOUND_RELEASES: readonly string[] = ETCD_FAULTS.at(-1)?.repairedIn ?? [];

/** A release that should be replaced. */
export interface OldRelease {
  /** Its worst fault. */
  readonly fault: string;
  /** First release without a known fault that is still maintained. */
  readonly repairedIn: string;
}

/** Returns the known fault of a release of etcd; `undefined` if it has none. */
export function findFault(version: string): OldRelease | undefined {
  const [major = 0, minor = 0, patch = 0] = parseVersion(version);
  const findRelease = (releases: readonly string[]) =>
    releases.map(parseVersion).find((one) => one[0] === major && one[1] === minor);
  const known = ETCD_FAULTS.find(({ repairedIn }) => patch < (findRelease(repairedIn)?.[2] ?? 0));
  const fault = findSeriesFault(major, minor, known?.fault);
  if (fault === undefined) return undefined;
  const [oldest = ""] = SOUND_RELEASES;
  return { fault, repairedIn: findRelease(SOUND_RELEASES)?.join(".") ?? oldest };
}

function findSeriesFault(major: number, minor: number, known?: string): string | undefined {
  if (major < 3 || (major === 3 && minor < 4)) return "is too old for this library";
  return known ?? (major === 3 && minor === 4 ? "is no longer maintained" : undefined);
}

function parseVersion(version: string): readonly number[] {
  return version.split(/[.+-]/).slice(0, 3).map(Number);
}

/** Faults of a series of releases, and the release that repairs them. */
interface ReleaseFaults {
  /** Series, such as `3.5`. */
  readonly series: readonly [major: number, minor: number];
  /** Each fault with the patch that repairs it, the worst first. */
  readonly faults: readonly (readonly [repairedIn: number, fault: string])[];
}

/** Faults of watches, by the change logs of etcd. */
const FAULTS: readonly ReleaseFaults[] = [
  {
    series: [3, 4],
    faults: [
      [31, "loses watch events after a compaction"],
      [36, "loses the event of a deletion at the revision of a compaction"],
      [38, "sends events that are too old to a watch of a future revision"],
    ],
  },
  {
    series: [3, 5],
    faults: [
      [3, "may damage its data"],
      [13, "loses watch events after a compaction"],
      [18, "loses the event of a deletion at the revision of a compaction"],
      [22, "sends events that are too old to a watch of a future revision"],
    ],
  },
  {
    series: [3, 6],
    faults: [[2, "sends events that are too old to a watch of a future revision"]],
  },
];

/** A release that should be replaced. */
export interface OldRelease {
  /** Its worst fault. */
  readonly fault: string;
  /** First release without it that is still maintained. */
  readonly repairedIn: string;
}

/** Returns the known fault of a release of etcd; `undefined` if it has none. */
export function findFault(version: string): OldRelease | undefined {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  if (major < 3 || (major === 3 && minor < 4)) {
    return { fault: "is too old for this library", repairedIn: "3.5.22" };
  }
  const known = FAULTS.find(({ series }) => series[0] === major && series[1] === minor);
  const [, fault] = known?.faults.find(([repairedIn]) => patch < repairedIn) ?? [];
  if (known === undefined || fault === undefined) return undefined;
  const last = known.faults.at(-1)?.[0] ?? 0;
  // The series 3.4 is no longer maintained.
  return { fault, repairedIn: minor === 4 ? "3.5.22" : `${major}.${minor}.${last}` };
}

import type { CombinedHealth, Health, HealthCounters, HealthState } from "../../discovery/mod.ts";
import { toVisible } from "./visible_properties.ts";

/** State of one discovery, as the page shows it. */
export interface DirectoryHealth {
  readonly provider: string;
  readonly state: HealthState;
  /** Connected member, as `host:port`. */
  readonly member: string | undefined;
  /** Time of the last agreement with the directory; `undefined` while it lasts. */
  readonly lastSyncMs: number | undefined;
  readonly lastError: string | undefined;
  /** Counts of trouble since the start, without those of ordinary work. */
  readonly counters: Readonly<Record<string, number>>;
}

/** State of the connection to the directories, as the page shows it. */
export interface PageHealth {
  readonly state: HealthState;
  /** Meaning of the state, in one sentence. */
  readonly reason: string;
  readonly directories: readonly DirectoryHealth[];
}

/** Creates what the page shows of a health. */
export function createPageHealth(health: CombinedHealth): PageHealth {
  return {
    state: health.state,
    reason: explainState(health.state, health.lastError?.message),
    directories: health.providers.map(createDirectoryHealth),
  };
}

function createDirectoryHealth(health: Health): DirectoryHealth {
  const { provider, state, lastSync, lastError, counters } = health;
  const member = "endpoint" in health ? health.endpoint : undefined;
  return {
    provider: toVisible(provider),
    state,
    member: typeof member === "string" ? toVisible(member) : undefined,
    lastSyncMs: state === "synced" ? undefined : lastSync?.getTime(),
    lastError: lastError === undefined ? undefined : toVisible(lastError.message),
    counters: selectTrouble(counters),
  };
}

/** Leaves out the counters of ordinary work, which would make every health differ. */
function selectTrouble({ eventsDelivered: _ordinary, ...trouble }: HealthCounters) {
  return trouble;
}

/** Returns the meaning of a state for the reader of the page. */
function explainState(state: HealthState, error: string | undefined): string {
  const cause = error === undefined ? "." : `: ${toVisible(error)}`;
  switch (state) {
    case "synced":
      return "The list is the same as in the directory.";
    case "connecting":
      return `Not connected yet${cause}`;
    case "stale":
      return `The directory is out of reach; known endpoints stay usable${cause}`;
    case "suspect":
      return `The lease has run out; other processes may no longer see this one${cause}`;
    case "denied":
      return `The directory refuses${cause}`;
    case "closed":
      return "This host is closed.";
  }
}

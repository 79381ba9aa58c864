import type { CombinedHealth } from "../discovery/mod.ts";
import type { HttpService, HttpServiceState } from "../http/mod.ts";

/** Health of a host: that of its discoveries, and the state of its HTTP server. */
export interface HostHealth extends CombinedHealth {
  /**
   * State of the HTTP server: `recovering` while it can't listen, for example without a free
   * file descriptor; `undefined` if the host has none.
   */
  readonly http: HttpServiceState["kind"] | undefined;
}

/** Adds the state of the HTTP server to the health of the discoveries. */
export function createHostHealth(
  health: CombinedHealth,
  http: HttpService | undefined,
): HostHealth {
  return { ...health, http: http?.state.kind };
}

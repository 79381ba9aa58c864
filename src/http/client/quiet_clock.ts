import { type Clock, SYSTEM_CLOCK } from "../../util/mod.ts";
import { startQuietTimer } from "./socket_dialer.ts";

/**
 * The clock of the machine; its timers that don't keep the process alive are quiet ones, of at
 * most `MAX_TIMER_MS`.
 */
export const QUIET_CLOCK: Clock = {
  ...SYSTEM_CLOCK,
  startTimer(delayMs, onTimeout, options) {
    const isQuiet = options?.keepsProcess === false && Number.isFinite(delayMs);
    return isQuiet
      ? { cancel: startQuietTimer(delayMs, onTimeout) }
      : SYSTEM_CLOCK.startTimer(delayMs, onTimeout, options);
  },
};

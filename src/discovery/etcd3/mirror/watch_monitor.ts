import type { WatchStream } from "../../../etcd/mod.ts";
import { type Clock, jittered, type Timer } from "../../../util/mod.ts";

/** Parts that a {@link WatchMonitor} needs. */
export interface WatchMonitorOptions {
  /** Watch to monitor. */
  readonly stream: Pick<WatchStream, "requestProgress" | "cancel">;
  /** Silence after which the watch is asked for a sign of life, in milliseconds. */
  readonly intervalMs: number;
  /** Time that it has to answer. */
  readonly timeoutMs: number;
  /** Source of time and randomness. */
  readonly clock: Clock;
}

/** Cancels a watch that is silent and does not answer, because its connection is half dead. */
export class WatchMonitor implements Disposable {
  readonly #options: WatchMonitorOptions;
  #timer: Timer | undefined;
  #isSilent = false;

  /** Creates a monitor; {@link restart} starts it. */
  constructor(options: WatchMonitorOptions) {
    this.#options = options;
  }

  /** Whether the watch was cancelled for its silence. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Records a sign of life. */
  restart(): void {
    const { intervalMs, clock } = this.#options;
    const delayMs = jittered(intervalMs, 0.2, () => clock.random());
    this.#timer?.cancel();
    this.#timer = clock.startTimer(delayMs, () => this.#ask());
  }

  /** Stops monitoring. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }

  #ask(): void {
    const { stream, timeoutMs, clock } = this.#options;
    this.#timer = clock.startTimer(timeoutMs, () => {
      this.#isSilent = true;
      stream.cancel();
    });
    stream.requestProgress();
  }
}

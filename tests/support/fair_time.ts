/** Time between two looks at the machine. */
const TICK_MS = 4;
/** Longest time that counts for a tick: a free processor and a free disk need less. */
const COUNTED_MS = 10;

/**
 * Measures how long something takes on this machine, without the time for which the machine
 * was busy with others. Each tick needs a turn of the event loop and a write to the disk, as
 * etcd does them; a tick that took longer than usual counts as a usual one. So a promise like
 * "within 2 s" can be checked while other programs run; code that waits without need still
 * breaks it, since its ticks are usual ones.
 */
export class FairTime implements AsyncDisposable {
  readonly #file = Deno.makeTempFileSync({ prefix: "etcd3-time-" });
  readonly #ticking: Promise<void>;
  #isOver = false;
  #countedMs = 0;
  #lastMs = performance.now();

  /** Starts to count. */
  constructor() {
    this.#ticking = this.#run();
  }

  /** Milliseconds until now that count. */
  get elapsedMs(): number {
    return this.#countedMs + Math.min(performance.now() - this.#lastMs, COUNTED_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#ticking;
  }

  async #run(): Promise<void> {
    using file = await Deno.open(this.#file, { write: true });
    while (!this.#isOver) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      await file.write(new Uint8Array(512));
      await file.syncData();
      await file.seek(0, Deno.SeekMode.Start);
      this.#countedMs = this.elapsedMs;
      this.#lastMs = performance.now();
    }
    await Deno.remove(this.#file);
  }
}

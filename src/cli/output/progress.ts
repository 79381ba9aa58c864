import type { OutputStream } from "./program_io.ts";

const WIDTH = 24;
/** Smallest total for which a bar is shown. */
const MIN_TOTAL = 100;

/** A progress bar on a terminal; elsewhere it shows nothing. */
export class Progress implements Disposable {
  readonly #stream: OutputStream;
  readonly #label: string;
  #isShown = false;

  /** Creates a bar that is not shown yet. */
  constructor(stream: OutputStream, label: string) {
    this.#stream = stream;
    this.#label = label;
  }

  /** Shows the progress, unless the total is small or everything was done at once. */
  show(done: number, total: number): void {
    if (!this.#stream.isTerminal || total < MIN_TOTAL || (!this.#isShown && done >= total)) return;
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const filled = Math.round(share * WIDTH);
    const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
    this.#stream.write(`\r${this.#label} [${bar}] ${done}/${total}\u001b[K`);
    this.#isShown = true;
  }

  /** Removes the bar. May be called more than once. */
  close(): void {
    if (this.#isShown) this.#stream.write("\r\u001b[K");
    this.#isShown = false;
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

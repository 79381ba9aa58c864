import type { EndpointEvent, EndpointEventListener } from "../../mod.ts";

/** Time after which something that did not come hangs; a slow machine needs less. */
export const HANG_MS = 60_000;

/** Collects items and lets a test wait for one. */
export class Recorder<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: T): void {
    this.all.push(item);
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits until an item matches; also finds earlier ones. */
  async until(what: string, fits: (item: T) => boolean, timeoutMs = HANG_MS): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    while (true) {
      const found = this.all.find(fits);
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`${what} did not come within ${timeoutMs} ms`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, leftMs);
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
      clearTimeout(timer);
    }
  }
}

/** Listener that records the events of endpoints. */
export class EndpointRecorder extends Recorder<EndpointEvent> implements EndpointEventListener {
  endpointChanged(event: EndpointEvent): void {
    this.add(event);
  }

  /** Returns the types of the events of one endpoint, or of all. */
  types(endpointId?: string): string[] {
    return this.all
      .filter(({ endpoint }) => endpointId === undefined || endpoint.id === endpointId)
      .map(({ type }) => type);
  }
}

/** Logger that records its lines. */
export class LogRecorder extends Recorder<string> {
  debug(message: string): void {
    this.add(`debug ${message}`);
  }
  info(message: string): void {
    this.add(`info ${message}`);
  }
  warn(message: string): void {
    this.add(`warn ${message}`);
  }
  error(message: string): void {
    this.add(`error ${message}`);
  }
}

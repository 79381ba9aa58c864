import { type Logger, messageOf } from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { EndpointEvent, EndpointEventListener } from "./mod.ts";

/** The endpoints by id as they are now. */
export type CurrentEndpoints = ReadonlyMap<string, EndpointDescription>;

/**
 * Tells one listener, one event at a time. What is queued is only which endpoints may
 * have changed: the event is the difference between what the listener was told and
 * what is so when its turn comes. So the queue is bounded by the number of endpoints,
 * and a slow listener gets the net change instead of a backlog.
 */
class Delivery {
  readonly #listener: EndpointEventListener;
  readonly #current: CurrentEndpoints;
  readonly #logger: Logger;
  readonly #onDelivered: () => void;
  readonly #told = new Map<string, EndpointDescription>();
  readonly #changed = new Set<string>();
  #isRunning = false;
  #isStopped = false;

  constructor(
    listener: EndpointEventListener,
    current: CurrentEndpoints,
    logger: Logger,
    onDelivered: () => void,
  ) {
    this.#listener = listener;
    this.#current = current;
    this.#logger = logger;
    this.#onDelivered = onDelivered;
  }

  /** Says that an endpoint may have changed. */
  mark(endpointId: string): void {
    this.#changed.add(endpointId);
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    queueMicrotask(() => this.#run());
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    for (const endpointId of this.#changed) {
      if (this.#isStopped) break;
      this.#changed.delete(endpointId);
      const event = this.#difference(endpointId);
      if (event !== undefined) await this.#tell(event);
    }
    this.#isRunning = false;
  }

  #difference(endpointId: string): EndpointEvent | undefined {
    const before = this.#told.get(endpointId);
    const endpoint = this.#current.get(endpointId);
    if (endpoint === before) return undefined;
    if (endpoint !== undefined) {
      this.#told.set(endpointId, endpoint);
      return { type: before === undefined ? "added" : "modified", endpoint };
    }
    this.#told.delete(endpointId);
    return before === undefined ? undefined : { type: "removed", endpoint: before };
  }

  async #tell(event: EndpointEvent): Promise<void> {
    try {
      this.#onDelivered();
      await this.#listener.endpointChanged(event);
    } catch (error) {
      this.#logger.error(
        `A listener failed on ${event.type} of endpoint ${event.endpoint.id}: ${messageOf(error)}`,
      );
    }
  }
}

/** Tells every listener of changes, each at its own pace and off the caller's path. */
export class Dispatcher {
  readonly #current: CurrentEndpoints;
  readonly #logger: Logger;
  readonly #onDelivered: () => void;
  readonly #deliveries = new Set<Delivery>();

  /** Uses a live map of the endpoints, which its owner changes before {@link changed}. */
  constructor(current: CurrentEndpoints, logger: Logger, onDelivered: () => void) {
    this.#current = current;
    this.#logger = logger;
    this.#onDelivered = onDelivered;
  }

  /** Adds a listener, tells it what there is, and gives the function that removes it. */
  add(listener: EndpointEventListener): () => void {
    const delivery = new Delivery(listener, this.#current, this.#logger, this.#onDelivered);
    this.#deliveries.add(delivery);
    for (const endpointId of this.#current.keys()) delivery.mark(endpointId);
    return () => {
      this.#deliveries.delete(delivery);
      delivery.stop();
    };
  }

  /** Says that an endpoint has changed, come or gone. */
  changed(endpointId: string): void {
    for (const delivery of this.#deliveries) delivery.mark(endpointId);
  }

  /** Tells nobody any more. */
  close(): void {
    for (const delivery of this.#deliveries) delivery.stop();
    this.#deliveries.clear();
  }
}

import {
  callUser,
  createRepeatLogger,
  type Logger,
  Subscription,
  toPrintable,
} from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { EndpointEvent, EndpointEventListener, EndpointSource } from "./endpoint_listener.ts";
import { EndpointScope } from "./endpoint_scope.ts";

/** Parts that the event delivery of a discovery needs. */
export interface EndpointEventsOptions {
  /** Discovery whose events these are. */
  readonly source: EndpointSource;
  /** Live map of the known endpoints by id; changed before {@link EndpointEvents.notify}. */
  readonly endpoints: ReadonlyMap<string, EndpointDescription>;
  /** Receives the errors of listeners. */
  readonly logger: Logger;
  /** Called before each delivery. */
  readonly onDelivered: () => void;
}

/** Last description of an endpoint that a listener received. */
interface Reported {
  readonly endpoint: EndpointDescription;
  readonly filter: string | undefined;
}

/**
 * Notifies one listener, one event at a time. The queue holds only the ids of endpoints
 * that may have changed; the event is the difference between the last
 * event of the endpoint and the state when its turn comes. So the queue is bounded by the number of endpoints,
 * and a slow listener receives the net change instead of a backlog.
 */
class Delivery {
  readonly #listener: EndpointEventListener;
  readonly #scope: EndpointScope;
  readonly #options: EndpointEventsOptions;
  readonly #reported = new Map<string, Reported>();
  readonly #changed = new Set<string>();
  #isRunning = false;
  #isStopped = false;

  constructor(listener: EndpointEventListener, options: EndpointEventsOptions) {
    this.#listener = listener;
    this.#scope = new EndpointScope(listener.scope);
    this.#options = options;
  }

  /** Queues an endpoint that may have changed. */
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
      const event = this.#findDifference(endpointId);
      if (event !== undefined) await this.#deliver(event);
    }
    this.#isRunning = false;
  }

  /** Returns the event that the listener has not received yet, and records it as received. */
  #findDifference(endpointId: string): EndpointEvent | undefined {
    const { endpoints, source } = this.#options;
    const before = this.#reported.get(endpointId);
    const endpoint = endpoints.get(endpointId);
    if (endpoint === before?.endpoint) return undefined;
    const match = endpoint && this.#scope.match(endpoint);
    if (endpoint !== undefined && match !== undefined) {
      this.#reported.set(endpointId, { endpoint, filter: match.filter });
      const type = before === undefined ? "added" : "modified";
      return { type, endpoint, source, matchedFilter: match.filter };
    }
    if (before === undefined) return undefined;
    this.#reported.delete(endpointId);
    return {
      type: endpoint === undefined ? "removed" : "modified-endmatch",
      endpoint: endpoint ?? before.endpoint,
      source,
      matchedFilter: before.filter,
    };
  }

  async #deliver(event: EndpointEvent): Promise<void> {
    this.#options.onDelivered();
    await callUser(
      `A listener for endpoints (${event.type} of ${toPrintable(event.endpoint.id)})`,
      this.#options.logger,
      () => this.#listener.endpointChanged(event),
    );
  }
}

/**
 * Notifies every listener of changes, each at its own pace and outside the caller's path.
 *
 * @example
 * ```ts
 * import { EndpointDescription, EndpointEvents } from "@remote-services/etcd3/rsa";
 *
 * const endpoints = new Map<string, EndpointDescription>();
 * const events = new EndpointEvents({
 *   source: { name: "example" },
 *   endpoints,
 *   logger: console,
 *   onDelivered: () => {},
 * });
 * const received = new Promise<string>((resolve) => {
 *   events.add({ endpointChanged: ({ type, endpoint }) => resolve(`${type} ${endpoint.id}`) });
 * });
 * const interfaces = ["com.example.Greeter"];
 * const endpoint = new EndpointDescription({ id: "a", interfaces, configurationTypes: ["x"] });
 * endpoints.set("a", endpoint);
 * events.notify("a");
 * console.log(await received); // added a
 * ```
 */
export class EndpointEvents {
  readonly #options: EndpointEventsOptions;
  readonly #deliveries = new Set<Delivery>();
  #isClosed = false;

  /** Creates the delivery for the endpoints of one discovery. */
  constructor(options: EndpointEventsOptions) {
    // Other processes can change an endpoint at will for which a listener fails.
    this.#options = { ...options, logger: createRepeatLogger(options.logger) };
  }

  /**
   * Adds a listener and notifies it of the endpoints in its scope.
   *
   * @throws {FilterSyntaxError} if its scope is not a filter
   */
  add(listener: EndpointEventListener): Subscription {
    const delivery = new Delivery(listener, this.#options);
    if (this.#isClosed) return new Subscription(() => {});
    this.#deliveries.add(delivery);
    for (const endpointId of this.#options.endpoints.keys()) delivery.mark(endpointId);
    return new Subscription(() => {
      this.#deliveries.delete(delivery);
      delivery.stop();
    });
  }

  /** Queues an endpoint that was added, changed or removed, for every listener. */
  notify(endpointId: string): void {
    for (const delivery of this.#deliveries) delivery.mark(endpointId);
  }

  /** Stops notifying, also listeners that are added later; queued events are dropped. */
  close(): void {
    this.#isClosed = true;
    for (const delivery of this.#deliveries) delivery.stop();
    this.#deliveries.clear();
  }
}

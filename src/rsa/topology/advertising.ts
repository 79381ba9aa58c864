import { type Logger, Subscription, toLogMessage, toPrintable } from "../../util/mod.ts";
import type { EndpointAdvertiser } from "../../discovery/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { EndpointAdminEvent, RemoteServiceAdminEvent } from "../registrations.ts";
import type { RemoteServiceAdmin } from "../remote_service_admin.ts";

/** Passes the exports of an admin on to advertisers, also to those that are added later. */
export class Advertising {
  readonly #advertisers = new Set<EndpointAdvertiser>();
  readonly #exported = new Map<string, EndpointDescription>();
  /** Number of open registrations of each endpoint; it is withdrawn with the last. */
  readonly #holders = new Map<string, number>();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #logger: Logger;
  readonly #adminListener: Subscription;

  constructor(admin: RemoteServiceAdmin, logger: Logger) {
    this.#logger = logger;
    for (const { endpoint } of admin.exports) {
      this.#exported.set(endpoint.id, endpoint);
      this.#count(endpoint.id, 1);
    }
    this.#adminListener = admin.addListener((event) => this.#onAdminEvent(event));
  }

  /** Adds an advertiser. It receives the endpoints that are already exported first. */
  add(advertiser: EndpointAdvertiser): Subscription {
    this.#advertisers.add(advertiser);
    for (const endpoint of this.#exported.values()) {
      this.#follow("export-registration", endpoint, [
        runStep(() => advertiser.advertise(endpoint)),
      ]);
    }
    return new Subscription(() => this.#advertisers.delete(advertiser));
  }

  /** Waits until every advertiser has the latest state of an endpoint. */
  async settled(endpointId: string): Promise<void> {
    await this.#last.get(endpointId);
  }

  close(): void {
    this.#adminListener.close();
  }

  #onAdminEvent(event: RemoteServiceAdminEvent): void {
    if (!isOfEndpoint(event)) return;
    const { type, endpoint } = event;
    if (type.startsWith("import")) {
      this.#logEvent(type, endpoint);
      return;
    }
    if (type === "export-registration" && this.#count(endpoint.id, 1) > 1) return;
    if (type === "export-unregistration" && this.#count(endpoint.id, -1) > 0) return;
    if (type === "export-unregistration") this.#exported.delete(endpoint.id);
    else this.#exported.set(endpoint.id, endpoint);
    const results = [...this.#advertisers].map((advertiser) =>
      runStep(() => {
        if (type === "export-registration") return advertiser.advertise(endpoint);
        if (type === "export-update") return advertiser.update(endpoint);
        return advertiser.unadvertise(endpoint.id);
      })
    );
    this.#last.delete(endpoint.id); // this state replaces the one before
    this.#follow(type, endpoint, results);
  }

  /** Adds to the number of registrations of an endpoint and returns it. */
  #count(endpointId: string, change: number): number {
    const count = (this.#holders.get(endpointId) ?? 0) + change;
    if (count > 0) this.#holders.set(endpointId, count);
    else this.#holders.delete(endpointId);
    return count;
  }

  #follow(
    type: EndpointAdminEvent["type"],
    endpoint: EndpointDescription,
    results: Promise<void>[],
  ) {
    const { id } = endpoint;
    const before = this.#last.get(id);
    const done = Promise.all(before === undefined ? results : [before, ...results]);
    this.#last.set(id, done);
    done.then(
      () => this.#logEvent(type, endpoint),
      (error) => this.#logFailure(type, id, error),
    ).finally(() => {
      const isLast = this.#last.get(id) === done;
      if (isLast && type === "export-unregistration") this.#last.delete(id);
    });
  }

  #logEvent(type: EndpointAdminEvent["type"], { id, interfaces }: EndpointDescription): void {
    const fields = { type, endpointId: id, interfaces };
    this.#logger.info(
      `${type} of ${toPrintable(interfaces.join(", "))} (${toPrintable(id)})`,
      fields,
    );
  }

  #logFailure(type: EndpointAdminEvent["type"], id: string, error: unknown): void {
    // A discovery that closes withdraws everything, also what it had not advertised yet.
    if (Object(error).code === "closed") return;
    const outcome = type === "export-unregistration" ? "withdrawn" : "advertised";
    this.#logger.error(`Endpoint ${toPrintable(id)} is not ${outcome}: ${toLogMessage(error)}`, {
      endpointId: id,
      error,
    });
  }
}

/** Runs a step of an advertiser; one that throws rejects like one that fails later. */
async function runStep(step: () => Promise<void>): Promise<void> {
  await step();
}

function isOfEndpoint(event: RemoteServiceAdminEvent): event is EndpointAdminEvent {
  return !/-(?:error|warning)$/.test(event.type);
}

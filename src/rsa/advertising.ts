import { type Logger, messageOf, type Subscription } from "../util/mod.ts";
import type { EndpointAdvertiser } from "../discovery/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { EndpointAdminEvent, RemoteServiceAdminEvent } from "./registrations.ts";
import type { RemoteServiceAdmin } from "./remote_service_admin.ts";

/** Tells advertisers what the admin exports, also those that come later. */
export class Advertising {
  readonly #advertisers = new Set<EndpointAdvertiser>();
  readonly #exported = new Map<string, EndpointDescription>();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #logger: Logger;
  readonly #listener: Subscription;

  constructor(admin: RemoteServiceAdmin, logger: Logger) {
    this.#logger = logger;
    for (const { endpoint } of admin.exports) this.#exported.set(endpoint.id, endpoint);
    this.#listener = admin.addListener((event) => this.#onAdminEvent(event));
  }

  add(advertiser: EndpointAdvertiser): () => void {
    this.#advertisers.add(advertiser);
    for (const endpoint of this.#exported.values()) {
      this.#follow("export-registration", endpoint, [tell(() => advertiser.advertise(endpoint))]);
    }
    return () => this.#advertisers.delete(advertiser);
  }

  /** Waits until what was last said of an endpoint has reached every advertiser. */
  async settled(endpointId: string): Promise<void> {
    await this.#last.get(endpointId);
  }

  close(): void {
    this.#listener.close();
  }

  #onAdminEvent(event: RemoteServiceAdminEvent): void {
    if (!isOfEndpoint(event)) return;
    const { type, endpoint } = event;
    if (type.startsWith("import")) {
      this.#logger.info(`${type} of ${endpoint.interfaces.join(", ")} (${endpoint.id})`);
      return;
    }
    if (type === "export-unregistration") this.#exported.delete(endpoint.id);
    else this.#exported.set(endpoint.id, endpoint);
    const results = [...this.#advertisers].map((advertiser) =>
      tell(() => {
        if (type === "export-registration") return advertiser.advertise(endpoint);
        if (type === "export-update") return advertiser.update(endpoint);
        return advertiser.unadvertise(endpoint.id);
      })
    );
    this.#last.delete(endpoint.id); // what is said now replaces what was said before
    this.#follow(type, endpoint, results);
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
      () => this.#logger.info(`${type} of ${endpoint.interfaces.join(", ")} (${id})`),
      (error) => this.#logger.error(`Endpoint ${id} is not advertised: ${messageOf(error)}`),
    ).finally(() => {
      const isLast = this.#last.get(id) === done;
      if (isLast && type === "export-unregistration") this.#last.delete(id);
    });
  }
}

/** Tells an advertiser, whose failure is its own, also one that comes at once. */
async function tell(step: () => Promise<void>): Promise<void> {
  await step();
}

function isOfEndpoint(event: RemoteServiceAdminEvent): event is EndpointAdminEvent {
  return !/-(?:error|warning)$/.test(event.type);
}

import type { EndpointEvent, EndpointSource } from "../discovery/mod.ts";
import type { Logger } from "../util/mod.ts";
import { RemoteServiceError } from "./errors.ts";
import type { ImportRegistration } from "./registrations.ts";
import type { RemoteServiceAdmin } from "./remote_service_admin.ts";

/** Imports each endpoint that a discovery reports, until no discovery reports it any more. */
export class ImportPolicy {
  readonly #admin: RemoteServiceAdmin;
  readonly #logger: Logger;
  readonly #imports = new Map<string, ImportRegistration>();
  /** Discoveries that report an endpoint, by its id. */
  readonly #sources = new Map<string, Set<EndpointSource>>();

  constructor(admin: RemoteServiceAdmin, logger: Logger) {
    this.#admin = admin;
    this.#logger = logger;
  }

  /** Imports, updates or closes the import of an endpoint. */
  follow(event: EndpointEvent): void {
    if (event.type === "removed" || event.type === "modified-endmatch") this.#remove(event);
    else this.#add(event);
  }

  #add({ endpoint, source }: EndpointEvent): void {
    const sources = this.#sources.get(endpoint.id) ?? new Set();
    this.#sources.set(endpoint.id, sources.add(source));
    const known = this.#imports.get(endpoint.id);
    // Of two descriptions the later one counts, whichever discovery reports it first.
    if (known !== undefined && !known.isClosed) {
      if (endpoint.timestampMs >= known.endpoint.timestampMs) known.update(endpoint);
      return;
    }
    try {
      this.#imports.set(endpoint.id, this.#admin.importService(endpoint));
    } catch (error) {
      // Processes that share a directory may use other protocols.
      if (!(error instanceof RemoteServiceError) || error.code !== "no-provider") throw error;
      this.#logger.debug(error.message, { endpointId: endpoint.id });
    }
  }

  #remove({ endpoint: { id }, source }: EndpointEvent): void {
    const sources = this.#sources.get(id);
    sources?.delete(source);
    if (sources !== undefined && sources.size > 0) return;
    this.#sources.delete(id);
    const registration = this.#imports.get(id);
    this.#imports.delete(id);
    registration?.close();
  }
}

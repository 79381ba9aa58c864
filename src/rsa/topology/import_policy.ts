import type { EndpointEvent, EndpointSource } from "../../discovery/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { createRepeatLogger, type Logger, toLogMessage } from "../../util/mod.ts";
import { RemoteServiceError } from "../errors.ts";
import type { ImportRegistration } from "../registrations.ts";
import type { RemoteServiceAdmin } from "../remote_service_admin.ts";

/** An import, and the discovery that reported its description. */
interface Import {
  readonly registration: ImportRegistration;
  readonly source: EndpointSource;
}

/** Imports each endpoint that a discovery reports, until no discovery reports it any more. */
export class ImportPolicy {
  readonly #admin: RemoteServiceAdmin;
  readonly #logger: Logger;
  readonly #imports = new Map<string, Import>();
  /** Discoveries that report an endpoint, by its id. */
  readonly #sources = new Map<string, Set<EndpointSource>>();

  constructor(admin: RemoteServiceAdmin, logger: Logger) {
    this.#admin = admin;
    this.#logger = createRepeatLogger(logger); // other processes cause the records at will
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
    if (known !== undefined && isStale(endpoint, source, known)) return;
    try {
      const registration = this.#apply(endpoint, known);
      this.#imports.set(endpoint.id, { registration, source });
    } catch (error) {
      // The admin has emitted the event of the failure. Nothing can call the endpoint now.
      this.#log(endpoint, error);
      this.#close(endpoint.id);
    }
  }

  #log({ id: endpointId }: EndpointDescription, error: unknown): void {
    const fields = { endpointId, error };
    // Processes that share a directory may use other protocols.
    if (error instanceof RemoteServiceError) this.#logger.debug(error.message, fields);
    else this.#logger.warn(`An endpoint is not imported: ${toLogMessage(error)}`, fields);
  }

  #apply(endpoint: EndpointDescription, known: Import | undefined): ImportRegistration {
    if (known === undefined || known.registration.isClosed) {
      return this.#admin.importService(endpoint);
    }
    known.registration.update(endpoint);
    return known.registration;
  }

  #remove({ endpoint: { id }, source }: EndpointEvent): void {
    const sources = this.#sources.get(id);
    sources?.delete(source);
    if (sources !== undefined && sources.size > 0) return;
    this.#sources.delete(id);
    this.#close(id);
  }

  #close(endpointId: string): void {
    this.#imports.get(endpointId)?.registration.close();
    this.#imports.delete(endpointId);
  }
}

/** Whether another discovery has reported a later description. */
function isStale(
  { timestampMs }: EndpointDescription,
  source: EndpointSource,
  known: Import,
): boolean {
  return source !== known.source && timestampMs < known.registration.endpoint.timestampMs;
}

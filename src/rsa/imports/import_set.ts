import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { AdminEvents } from "../admin_events.ts";
import { createClosedError } from "../errors.ts";
import type { EndpointAdminEvent, ImportRegistration } from "../registrations.ts";
import { Shared } from "../shared_registration.ts";
import { type ImportContext, Importer } from "./importer.ts";

/** Imports of an admin: proxies, and the registrations that hold them. */
export class ImportSet {
  readonly #context: ImportContext;
  readonly #events: AdminEvents;
  readonly #importing = new Map<string, Shared<Importer>>();
  readonly #registrations = new Set<ImportRegistration>();

  constructor(context: ImportContext, events: AdminEvents) {
    this.#context = context;
    this.#events = events;
  }

  /** Registrations that are open. */
  get registrations(): readonly ImportRegistration[] {
    return [...this.#registrations];
  }

  /**
   * Imports an endpoint, or updates its import and holds that.
   *
   * @throws {RemoteServiceError} `no-provider`; whatever the provider throws
   */
  add(endpoint: EndpointDescription): ImportRegistration {
    return this.#attempt(endpoint, () => {
      const known = this.#importing.get(endpoint.id);
      return known === undefined ? this.#import(endpoint) : this.#share(known, endpoint);
    });
  }

  /** Closes every registration and ends running calls. */
  close(): void {
    for (const registration of this.registrations) registration.close();
    for (const caller of [...this.#context.callers]) caller.close();
  }

  #share(known: Shared<Importer>, endpoint: EndpointDescription): ImportRegistration {
    const isChanged = String(endpoint) !== String(known.value.endpoint);
    known.value.update(endpoint);
    if (isChanged) this.#emit("import-update", known.value);
    return this.#hold(known);
  }

  #import(endpoint: EndpointDescription): ImportRegistration {
    const importer = new Importer(this.#context, endpoint);
    const shared = new Shared(importer, () => {
      this.#importing.delete(endpoint.id);
      importer.close();
    });
    this.#importing.set(endpoint.id, shared);
    return this.#hold(shared);
  }

  /** Returns a registration that holds a proxy, and emits its event. */
  #hold(shared: Shared<Importer>): ImportRegistration {
    const importer = shared.value;
    const release = shared.hold();
    let isClosed = false;
    const registration: ImportRegistration = {
      get reference() {
        return importer.reference;
      },
      get endpoint() {
        return importer.endpoint;
      },
      get isClosed() {
        return isClosed;
      },
      update: (endpoint) => {
        if (isClosed) throw createClosedError("import", importer.endpoint.id);
        this.#attempt(endpoint, () => importer.update(endpoint));
        this.#emit("import-update", importer);
      },
      close: () => {
        const wasClosed = isClosed;
        isClosed = true;
        this.#registrations.delete(registration);
        release();
        if (!wasClosed) this.#emit("import-unregistration", importer);
      },
    };
    this.#registrations.add(registration);
    this.#emit("import-registration", importer);
    return registration;
  }

  /** Runs an import or an update; emits the event of its failure. */
  #attempt<T>(endpoint: EndpointDescription, run: () => T): T {
    try {
      return run();
    } catch (exception) {
      this.#events.emitFailure("import", { endpoint, exception });
      throw exception;
    }
  }

  #emit(type: EndpointAdminEvent["type"], { endpoint, reference }: Importer): void {
    this.#events.emit({ type, endpoint, reference });
  }
}
